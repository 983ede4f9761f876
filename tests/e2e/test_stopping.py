"""A reading can be stopped by its listener, and taken up again."""

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, wait_for_matches
from tests.e2e.conftest import aliases

pytestmark = pytest.mark.browser


def slow(spotify):
    spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=60, retry_after=1)


def test_a_first_reading_is_stopped_and_taken_up(spotify, open_browser):
    page = open_browser()
    slow(spotify)
    sign_in(page, "syn-0110")
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_text("Reading was stopped")).to_be_visible(timeout=30_000)
    expect(page.locator(".es-card")).to_have_count(0)
    spotify.delete("/_emulator/faults")
    page.get_by_role("button", name="Go on reading").click()
    wait_for_matches(page)


def test_a_stopped_refresh_leaves_the_matches_as_they_were(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0111")
    wait_for_matches(page)
    before = aliases(page)
    slow(spotify)
    page.get_by_role("button", name="Refresh my profile").click()
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_text("Reading was stopped")).to_be_visible(timeout=30_000)
    assert aliases(page) == before
    expect(page.get_by_role("button", name="Refresh my profile")).to_be_visible()
