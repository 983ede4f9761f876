"""A user name in a real browser: matches, a second source, its removal, who may be found. Wide and narrow."""

import pytest
from playwright.sync_api import expect

from emulator.scrobbling.listenbrainz import token_of
from harness.pages import let_others_find, wait_for_matches
from tests.e2e.conftest import aliases
from tests.e2e.test_bringing_files import NARROW, WIDE, bring, export, fits, kept_key  # noqa: F401
from tests.e2e.test_me import to_privacy

pytestmark = pytest.mark.browser

NAME = "syn-0042"


def to_taste(page):
    page.get_by_role("link", name="My taste").click()
    expect(page.get_by_text("Where your music comes from")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_from_a_name_to_matches_to_a_second_source_and_back(open_browser, export, size):  # noqa: F811
    page = open_browser()
    page.set_viewport_size(size)
    page.get_by_label("User name").fill("nobody-at-all")
    page.get_by_label("User name").press("Enter")
    expect(page.get_by_role("heading", name="Nobody has this name there")).to_be_visible()
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("User name").press("Enter")
    kept_key(page)
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    before = aliases(page)
    expect(page.get_by_role("button", name="Refresh my profile")).to_be_visible()

    to_taste(page)
    assert fits(page)
    expect(page.get_by_text("nobody finds you by it until you show that it is yours")).to_be_visible()
    page.get_by_role("link", name="Bring a file").click()
    bring(page, export)
    expect(page.get_by_text("Updated.")).to_be_visible(timeout=120_000)
    expect(page.locator(".es-card .es-alias")).not_to_have_text(before)

    to_taste(page)
    rows = page.locator(".es-origin")
    expect(rows).to_have_count(2)
    rows.filter(has_text="Spotify data export").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_text("is out of your taste")).to_be_visible(timeout=30_000)
    expect(page.locator(".es-origin")).to_have_count(1)
    page.get_by_role("link", name="Matches").first.click()
    expect(page.locator(".es-card .es-alias")).to_have_text(before, timeout=30_000)


def test_nobody_is_found_by_a_name_until_a_token_shows_whose_it_is(open_browser):
    page = open_browser()
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("User name").press("Enter")
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    to_privacy(page)
    let_others_find(page)
    expect(page.get_by_text("Nobody has shown yet that this name is yours")).to_be_visible(timeout=30_000)
    to_taste(page)
    page.get_by_role("link", name="by a token or a sign-in").click()
    page.get_by_label("ListenBrainz user token").fill(token_of(NAME))
    page.get_by_role("button", name="Use this token").click()
    wait_for_matches(page)
    to_privacy(page)
    let_others_find(page)
    expect(page.get_by_text("Nobody has shown yet that this name is yours")).to_have_count(0)
