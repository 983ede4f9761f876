"""A listener's own file in a real browser: upload, recovery key, another device, erasure. Wide and narrow."""

import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, unfold, wait_for_matches
from tests.e2e.conftest import aliases
from tests.e2e.test_main_flow import account_of
from tests.e2e.test_me import to_privacy

pytestmark = pytest.mark.browser

LISTENER = "syn-0017"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
KEY = re.compile(r"^([0-9A-Z]{4}-){8}[0-9A-Z]{4}$")


@pytest.fixture(scope="module")
def export(stack, tmp_path_factory):
    """A synthetic listener's own data, as the local Spotify gives it out."""
    path = tmp_path_factory.mktemp("export") / "my_spotify_data.zip"
    address = f"{stack.emulator_url}/account/privacy/{LISTENER}/my_spotify_data.zip"
    with urllib.request.urlopen(address, timeout=20) as answer:
        path.write_bytes(answer.read())
    return path


def bring(page, file):
    page.get_by_label("Your files").set_input_files(file)
    page.get_by_role("button", name=re.compile("Find my listeners|Use these files")).click()


def kept_key(page):
    """The recovery key that is shown, which is also in the file to download."""
    shown = page.locator(".es-key code")
    expect(shown).to_have_text(KEY)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download it as a text file").click()
    key = shown.text_content()
    assert download.value.suggested_filename == "earshot-recovery-key.txt"
    assert key in Path(download.value.path()).read_text("utf-8")
    return key


def fits(page):
    """Nothing stands out to the right of the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_from_a_file_to_matches_to_another_device_to_nothing(open_browser, stack, export, size):
    page = open_browser()
    page.set_viewport_size(size)
    assert fits(page)
    bring(page, export)
    key = kept_key(page)
    assert fits(page)
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    found = aliases(page)
    accounts = account_of(stack)
    assert LISTENER not in {accounts[one] for one in found}  # it is their own listening, by another door
    assert page.get_by_role("link", name="Bring a newer file").count() == 1
    assert page.get_by_role("button", name="Refresh my profile").count() == 0
    assert fits(page)

    other = open_browser()
    other.set_viewport_size(size)
    other.get_by_label("Recovery key").fill(key[:-1])
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="That is not a recovery key")).to_be_visible()
    other.get_by_label("Recovery key").fill(key.lower().replace("-", " "))
    other.get_by_role("button", name="Sign in", exact=True).click()
    wait_for_matches(other)
    assert aliases(other)[:10] == found[:10]

    to_privacy(other)
    unfold(other, "account")
    other.get_by_role("link", name="Make a new key").click()
    other.get_by_role("button", name="Make a new key").click()
    new = kept_key(other)
    assert new != key
    expect(page.get_by_role("link", name="Use my recovery key")).to_be_visible()  # the old key's session

    other.get_by_role("link", name="to my matches").click()
    wait_for_matches(other)
    other.get_by_role("link", name="Sign out").first.click()
    other.get_by_label("Recovery key").fill(new)
    other.get_by_role("button", name="Sign in", exact=True).click()
    wait_for_matches(other)
    to_privacy(other)
    unfold(other, "erase")
    other.get_by_label("To confirm, type: erase everything").fill("erase everything")
    other.get_by_role("button", name="Erase everything about me").click()
    expect(other.get_by_role("heading", name="Everything about you is erased")).to_be_visible()
    expect(other.get_by_text("Recovery key")).to_be_visible()
    other.goto(stack.app_url)
    other.get_by_label("Recovery key").fill(new)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="No account has that recovery key")).to_be_visible()


def test_what_cannot_be_read_is_said_and_another_file_leads_on(open_browser, export, tmp_path):
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    page = open_browser()
    bring(page, tmp_path / "cat.png")
    expect(page.get_by_role("heading", name="That file cannot be read")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Cat.png is an image")).to_be_visible()
    assert page.locator(".es-key").count() == 0  # nobody gets an account by it
    bring(page, export)
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)


def test_who_came_with_spotify_can_bring_a_file_too(open_browser, spotify, export):
    page = open_browser()
    sign_in(page, "syn-0063")
    wait_for_matches(page)
    before = aliases(page)
    page.get_by_role("link", name="My taste").click()
    page.get_by_role("link", name="Bring a file").click()
    bring(page, export)
    expect(page.get_by_text("Updated.")).to_be_visible(timeout=60_000)
    expect(page.locator(".es-card .es-alias")).not_to_have_text(before)
    expect(page.get_by_role("button", name="Refresh my profile")).to_be_visible()


def test_without_scripts_the_doors_work_as_well(chromium, stack, export):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(stack.app_url)
        bring(page, export)
        expect(page.locator(".es-key code")).to_have_text(KEY)
    finally:
        context.close()
