"""Five artists in a real browser: from nothing to matches. Wide and narrow, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import wait_for_matches
from tests.e2e.conftest import aliases
from tests.e2e.test_bringing_files import NARROW, WIDE, fits, kept_key

pytestmark = pytest.mark.browser


def chips(page, part="grid"):
    return page.locator(f'[data-part="{part}"] .es-artist')


def to_the_door(page):
    page.get_by_role("link", name="Pick artists").click()
    expect(page.get_by_role("heading", name="Pick artists you love")).to_be_visible()


# asked for in one step: an answer that comes between two would replace what was found
LOW = """() => [...document.querySelectorAll(".es-pick button")]
  .filter((one) => one.offsetHeight < 44).map((one) => one.outerHTML)"""


def require_reachable(page):
    """Every button is at least 44 px high."""
    assert page.evaluate(LOW) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_five_artists_lead_to_matches_and_can_be_changed(open_browser, size):
    page = open_browser()
    page.set_viewport_size(size)
    to_the_door(page)
    assert fits(page)
    require_reachable(page)
    end = page.locator('[name="done"]')
    expect(end).to_have_text("Pick 5 more")
    expect(end).to_be_disabled()
    expect(end).to_be_in_viewport()

    name = chips(page).nth(3).inner_text()
    page.get_by_label("Search for an artist").press_sequentially(name[:-2] + name[-1], delay=20)  # a typo
    page.locator('[data-part="found"]').get_by_role("button", name=name, exact=True).click()
    expect(chips(page, "picked")).to_have_count(1)
    expect(page.get_by_label("Search for an artist")).to_be_focused()

    for place in range(3):  # faster than the answers come
        chips(page).nth(place).click()
    expect(chips(page, "picked")).to_have_count(4)
    page.get_by_role("button", name="Show me others").click()
    expect(page.locator('[data-part="grid"] [aria-pressed="true"]')).to_have_count(0)
    chips(page).first.click()
    expect(end).to_have_text("Find my listeners")
    chips(page).first.click()  # once more: not that one
    expect(end).to_have_text("Pick 1 more")
    chips(page).last.click()
    expect(end).to_have_text("Find my listeners")
    assert fits(page)
    require_reachable(page)
    end.click()
    kept_key(page)
    page.get_by_role("link", name="to my matches").click()
    wait_for_matches(page)
    assert len(aliases(page)) >= 5
    assert fits(page)

    page.get_by_role("link", name="My taste").click()
    expect(page.get_by_text("Read from the artists you picked")).to_be_visible()
    page.get_by_role("link", name="Change my picks").click()
    expect(chips(page, "picked")).to_have_count(5)


def test_without_scripts_the_form_leads_to_matches_as_well(chromium, stack):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(stack.app_url)
        to_the_door(page)
        name = chips(page).nth(2).inner_text()
        page.get_by_label("Search for an artist").fill(name.upper())
        page.keyboard.press("Enter")
        chips(page, "found").first.click()
        for n_picked in range(2, 6):
            page.locator('[data-part="grid"] [aria-pressed="false"]').first.click()
            expect(chips(page, "picked")).to_have_count(n_picked)
        page.get_by_role("button", name="Find my listeners").click()
        expect(page.locator(".es-key code")).to_have_text(re.compile("^([0-9A-Z]{4}-){8}"))
    finally:
        context.close()
