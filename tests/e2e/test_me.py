"""My taste and Privacy in a real browser: what is left out moves the matches; what is erased is gone."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, unfold, wait_for_matches, wait_until_drawn
from tests.e2e.conftest import aliases

pytestmark = pytest.mark.browser


def nearest(page):
    """The nearest listeners, once the page is drawn to its end."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator(".es-nearest li")).to_have_count(10)
    return page.locator(".es-nearest bdi").all_text_contents()


def to_taste(page):
    page.get_by_role("link", name="My taste").click()
    expect(page.locator(".es-nearest li").nth(9)).to_be_visible(timeout=60_000)


def to_privacy(page):
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("heading", name="Being found", exact=True)).to_be_visible()


def alias_of(page):
    unfold(page, "alias")
    field = page.get_by_label("The name others see")
    expect(field).not_to_have_value("")
    return field.input_value()


def test_a_playlist_is_left_out_the_matches_move_and_undo_brings_them_back(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0223")  # more tracks than a top list holds: leaving one out takes some away
    wait_for_matches(page)
    to_taste(page)
    before = nearest(page)
    page.get_by_role("button", name="Playlists", exact=True).click()
    expect(page.get_by_label("Find a playlist of yours")).to_be_visible()
    page.get_by_role("button", name="Leave out").first.click()
    expect(page.get_by_text("Left out.", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"Your profile rests on \d+ tracks now"))).to_be_visible()
    after = nearest(page)
    assert after != before
    page.get_by_role("link", name="Matches").click()
    wait_for_matches(page)
    assert aliases(page)[:10] == after
    to_taste(page)
    page.get_by_role("button", name="Put back").first.click()
    expect(page.get_by_text("Put back.")).to_be_visible()
    assert nearest(page) == before


def test_an_artist_is_found_by_name_while_one_types(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0121")
    wait_for_matches(page)
    to_taste(page)
    name = page.locator(".es-top bdi").last.text_content()
    page.get_by_role("searchbox").press_sequentially(name)
    expect(page.locator(".es-entry b")).to_have_count(
        1 + page.locator(".st-key-panel_taste_facets .es-entry").count()
    )
    expect(page.locator(".st-key-panel_leave .es-entry bdi").first).to_have_text(name)


def test_a_side_of_my_taste_leads_to_the_matches_on_it(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0121")
    wait_for_matches(page)
    to_taste(page)
    page.locator(".st-key-panel_taste_facets").get_by_role("link", name="Match on this").first.click()
    chosen = page.locator(".es-sides [aria-pressed=true]")
    expect(chosen).to_have_text(re.compile("%$"), timeout=30_000)


def test_an_export_is_downloaded_and_is_ones_own(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0122")
    wait_for_matches(page)
    to_privacy(page)
    alias = alias_of(page)
    unfold(page, "export")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download everything").click()
    text = found.value.path().read_text("utf-8")
    assert found.value.suggested_filename == "earshot-export.json"
    assert alias in text
    assert "refresh_token" not in text


def test_a_browser_is_signed_out_from_another_one(spotify, open_browser):
    here, there = open_browser(), open_browser()
    for page in (here, there):
        sign_in(page, "syn-0124")
        wait_for_matches(page)
    to_privacy(here)
    unfold(here, "sessions")
    lines = here.locator(".st-key-panel_sessions .es-lines li")
    expect(lines).to_have_count(2)
    here.get_by_role("button", name="Sign out there").first.click()
    expect(here.get_by_text("Signed out there.")).to_be_visible()
    expect(lines).to_have_count(1)
    there.get_by_role("link", name="My taste").click()
    expect(there.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    here.reload()
    unfold(here, "sessions")
    expect(here.get_by_text("This browser")).to_be_visible()


def test_everything_is_erased_the_receipt_is_shown_and_then_the_landing_page(stack, spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0123")
    wait_for_matches(page)
    to_privacy(page)
    alias = alias_of(page)
    unfold(page, "erase")
    page.get_by_label("To confirm, type").fill("erase everything")
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_role("heading", name="Everything about you is erased")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("You as a listener 1"))).to_be_visible()
    wait_until_drawn(page)  # what stood there before goes when the run has ended
    assert alias not in page.content()
    assert page.url == stack.app_url + "/privacy"
    page.get_by_role("link", name="To the first page").click()
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    assert not [one for one in page.context.cookies() if one["name"] == "earshot_session"]
    page.go_back()
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    expect(page.get_by_role("heading", name="Everything about you is erased")).to_have_count(0)
