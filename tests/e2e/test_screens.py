"""What holds of every screen: accessible, no wider than the window, an address of its own."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from harness.pages import wait_for_matches
from tests.e2e.conftest import tab_after_signing_out
from tests.e2e.registry import SCREENS, WIDTHS, draw, signed_in_state, switch, views

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def state(chromium, stack):
    return signed_in_state(chromium, stack)


def problems(page):
    """Serious and critical ones that axe-core finds, with the element each was found in first."""
    found = Axe().run(page).response["violations"]
    grave = (one for one in found if one["impact"] in ("serious", "critical"))
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in grave]


def too_wide(page):
    """By how many pixels the page is wider than the window, also inside the part that Streamlit scrolls."""
    return page.evaluate(
        """() => {
            const parts = [...document.querySelectorAll('[data-testid=stMain]'), document.documentElement];
            return Math.max(...parts.map((one) => one.scrollWidth - one.clientWidth));
        }"""
    )


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_grave_accessibility_problem_and_nothing_sideways(chromium, stack, spotify, state, screen):
    for width, scheme, page in views(chromium, stack, spotify, screen, state):
        assert problems(page) == [], f"{screen.name} at {width}, {scheme}"
        assert too_wide(page) <= 0, f"{screen.name} at {width}, {scheme}"


LOOK = """() => [...document.querySelectorAll('[data-testid=stApp], [data-testid=stApp] *')]
  .filter((one) => one.checkVisibility())
  .map((one) => {
    const {color, backgroundColor, borderTopColor, fill, stroke, fontSize} = getComputedStyle(one);
    const {width} = one.getBoundingClientRect();
    return [one.tagName, color, backgroundColor, borderTopColor, fill, stroke, fontSize, Math.round(width)];
  })"""
"""Colours and measures of everything that is seen."""


@pytest.mark.parametrize("name", ["matches", "taste", "match-connected"])
def test_a_page_follows_width_and_scheme_as_if_it_had_been_drawn_so(chromium, stack, spotify, state, name):
    screen = next(one for one in SCREENS if one.name == name)

    def opened(width, scheme):
        size = {"width": width, "height": WIDTHS[width]}
        context = chromium.new_context(viewport=size, storage_state=state, reduced_motion="reduce")
        return draw(context, stack, spotify, screen, scheme)

    def look(page, width, scheme):
        page.mouse.move(0, 0)
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        switch(page, scheme)
        return page.evaluate(LOOK)

    one, other = opened(1440, "light"), opened(390, "dark")
    drawn_light, drawn_dark = look(one, 1440, "light"), look(other, 390, "dark")
    assert drawn_light != drawn_dark
    assert look(one, 390, "dark") == drawn_dark
    assert look(other, 1440, "light") == drawn_light
    one.context.close()
    other.context.close()


@pytest.fixture
def page(chromium, stack, state):
    context = chromium.new_context(storage_state=state)
    page = context.new_page()
    page.goto(stack.app_url)
    wait_for_matches(page)
    yield page
    context.close()


def to_taste(page):
    page.get_by_role("link", name="My taste").click()
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()


def test_the_bar_leads_to_a_screen_with_an_address_and_back_leads_back(page, stack):
    to_taste(page)
    assert page.url == stack.app_url + "/taste"
    assert page.title() == "My taste · Earshot"
    expect(page.locator(".es-card")).to_have_count(0)
    page.go_back()
    wait_for_matches(page)
    assert page.url.rstrip("/") == stack.app_url
    page.go_forward()
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()


def test_a_reload_stays_on_the_screen(page, stack):
    to_taste(page)
    page.reload()
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()
    assert page.url == stack.app_url + "/taste"


def test_an_address_opens_its_screen_in_a_second_tab(page, stack):
    second = page.context.new_page()
    second.goto(stack.app_url + "/taste")
    expect(second.get_by_role("heading", name="My taste")).to_be_visible()


def test_the_bar_is_reached_and_used_from_the_keyboard(page):
    link = page.get_by_role("link", name="My taste")
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    assert link.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()


def test_a_mark_of_a_chart_explains_itself_when_focused(page):
    to_taste(page)
    mark = page.locator(".es-radar .es-mark").first
    expect(mark.locator(".es-tip").first).to_be_hidden()
    mark.focus()
    expect(mark.locator(".es-tip").first).to_be_visible()
    expect(mark.locator(".es-tip").nth(1)).to_contain_text("how easy to dance to")


def test_an_address_without_a_session_invites_to_sign_in(open_browser):
    page = open_browser("/taste")
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    expect(page.locator(".es-radar")).to_have_count(0)


def test_after_signing_out_in_one_tab_no_screen_of_another_shows_anything(spotify, open_browser):
    second = tab_after_signing_out(open_browser(), "syn-0071")
    second.get_by_role("link", name="My taste").click()
    expect(second.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    expect(second.locator(".es-radar")).to_have_count(0)
    expect(second.locator(".es-card")).to_have_count(0)


def test_an_address_that_is_none_says_so_and_leads_to_the_matches(page, stack):
    answer = page.goto(stack.app_url + "/nothing-here")
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="To the first page").click()
    expect(page.locator(".es-card").first).to_be_visible()


def test_what_stands_side_by_side_stands_below_each_other_on_a_telephone(page, stack):
    page.goto(stack.app_url + "/map")
    panels = [page.locator(name) for name in (".es-map", ".es-panel:has(.es-mapped)")]
    for width, abreast in ((1440, True), (390, False)):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        for panel in panels:
            expect(panel).to_be_visible()
        one, other = (panel.bounding_box() for panel in panels)
        assert (one["y"] == other["y"]) is abreast, width
