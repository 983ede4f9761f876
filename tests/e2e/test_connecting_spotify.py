"""Spotify connected later in a real browser: one account by key and by Spotify, then disconnected."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import choose_at_spotify, sign_in, unfold, wait_for_matches
from tests.e2e.conftest import aliases
from tests.e2e.test_bringing_files import NARROW, WIDE, bring, export, fits, kept_key  # noqa: F401
from tests.e2e.test_giving_names import to_taste
from tests.e2e.test_me import alias_of, to_privacy

pytestmark = pytest.mark.browser


def press_connect(page):
    page.get_by_role("link", name="Connect the local Spotify").click()
    expect(page.get_by_role("heading", name="Connect Spotify?")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Go to the local Spotify").click()


def sign_out(page):
    page.get_by_role("link", name="Sign out").first.click()
    expect(page.get_by_label("Recovery key")).to_be_visible()


def sign_in_by_key(page, key):
    page.get_by_label("Recovery key").fill(key)
    page.get_by_role("button", name="Sign in", exact=True).click()
    wait_for_matches(page)


@pytest.mark.parametrize(
    ("size", "listener"), [(WIDE, "syn-0191"), (NARROW, "syn-0192")], ids=["1440", "390"]
)
def test_spotify_joins_an_account_signs_in_to_it_and_goes_again(open_browser, export, size, listener):  # noqa: F811
    page = open_browser()
    page.set_viewport_size(size)
    bring(page, export)
    key = kept_key(page)
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    before = aliases(page)

    to_taste(page)
    assert fits(page)
    press_connect(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Spotify is not connected")).to_be_visible(timeout=60_000)
    expect(page.locator(".es-origin")).to_have_count(1)
    press_connect(page)
    choose_at_spotify(page, listener)
    expect(page.get_by_text("Updated.")).to_be_visible(timeout=120_000)
    expect(page.locator(".es-card .es-alias")).not_to_have_text(before)
    to_taste(page)
    expect(page.locator(".es-origin")).to_have_count(2)
    expect(page.get_by_role("link", name="Connect the local Spotify")).to_have_count(0)
    to_privacy(page)
    assert fits(page)
    alias = alias_of(page)
    unfold(page, "account")
    unfold(page, "sharing")
    expect(page.get_by_text("Your recovery key signs you in here, and so does")).to_be_visible()
    expect(page.get_by_role("switch", name=re.compile("My Spotify profile"))).not_to_be_checked()

    sign_out(page)
    sign_in(page, listener)
    wait_for_matches(page)
    to_privacy(page)
    assert alias_of(page) == alias
    sign_out(page)
    sign_in_by_key(page, key)

    to_taste(page)
    rows = page.locator(".es-origin")
    rows.filter(has_text="local Spotify").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("only your recovery key signs you in")).to_be_visible()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_text("is out of your taste")).to_be_visible(timeout=30_000)
    expect(rows).to_have_count(1)
    expect(page.get_by_role("link", name="Connect the local Spotify")).to_be_visible()
    page.get_by_role("link", name="Matches").first.click()
    expect(page.locator(".es-card .es-alias")).to_have_text(before, timeout=30_000)
    sign_out(page)
    sign_in_by_key(page, key)
    to_privacy(page)
    assert alias_of(page) == alias


def test_a_spotify_account_that_is_here_already_is_not_connected(open_browser):
    other, page = open_browser(), open_browser()
    sign_in(other, "syn-0193")
    wait_for_matches(other)
    page.get_by_label("User name").fill("syn-0042")
    page.get_by_label("User name").press("Enter")
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    to_privacy(page)
    unfold(page, "account")
    press_connect(page)
    choose_at_spotify(page, "syn-0193")
    told = page.get_by_role("heading", name="This Spotify account has a listener here already")
    expect(told).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="Connect the local Spotify")).to_be_visible()
