"""The first screen: the nearest listener at once, and rows that do not repeat themselves."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import ask_first_to_connect, sign_in, wait_for_matches, wait_until_drawn
from tests.e2e.conftest import aliases
from tests.e2e.registry import WIDTHS, signed_in_state
from tests.e2e.states import facets_there, filters_there, next_newcomer, open_nth

pytestmark = pytest.mark.browser

TELEPHONE, DESK = 390, 1440
HIGHEST_ROW = 220
CHOSEN = ".es-sides [aria-pressed=true]"
HIDDEN = "Others cannot find you yet."


@pytest.fixture(scope="module")
def state(chromium, stack):
    """What a browser keeps of somebody who was here before."""
    return signed_in_state(chromium, stack, "syn-0195")


@pytest.fixture
def page(chromium, stack, state):
    context = chromium.new_context(storage_state=state, viewport=size(TELEPHONE))
    page = context.new_page()
    page.goto(stack.app_url)
    wait_for_matches(page)
    facets_there(page)
    yield page
    context.close()


def size(width):
    return {"width": width, "height": WIDTHS[width]}


def assert_nearest_is_seen(page):
    """The first row with its reason, whole, at both widths, and nothing was scrolled."""
    for width in WIDTHS:
        page.set_viewport_size(size(width))
        first = page.locator(".es-card").first
        expect(first.locator(".es-reason")).not_to_be_empty()
        for one in (first, first.locator(".es-reason")):
            box = one.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= WIDTHS[width], f"at {width} pixels"
        assert scrolled(page) == 0


def scrolled(page):
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")


def test_whoever_comes_back_sees_the_nearest_listener_without_scrolling(page):
    assert_nearest_is_seen(page)


def test_the_nearest_listener_is_seen_right_after_a_first_reading(chromium, stack, spotify):
    context = chromium.new_context(viewport=size(TELEPHONE))
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, next_newcomer())
    wait_for_matches(page)
    facets_there(page)
    assert_nearest_is_seen(page)
    context.close()


def test_each_row_is_low_and_says_what_no_other_says(page):
    rows = page.locator(".es-card")
    assert rows.count() == 10
    heights = [rows.nth(place).bounding_box()["height"] for place in range(10)]
    assert max(heights) <= HIGHEST_ROW, heights
    reasons = page.locator(".es-card .es-reason").all_text_contents()
    assert len(set(reasons)) == len(reasons) == 10
    assert "" not in reasons


def test_the_narrowest_telephone_does_not_scroll_sideways(page):
    page.set_viewport_size({"width": 320, "height": 700})
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    for one in page.locator(".es-card").all():
        box = one.bounding_box()
        assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("width", WIDTHS)
def test_a_facet_is_matched_on_by_a_press_and_left_by_another(page, width):
    page.set_viewport_size(size(width))
    whole, chip = aliases(page), page.locator(".es-sides button").nth(1)
    expect(chip).to_have_text(re.compile(r".+\d %$"))
    chip.click()
    expect(page).to_have_url(re.compile(r"facet=-?\d{3,}"))
    expect(chip).to_have_attribute("aria-pressed", "true")
    wait_until_drawn(page)
    chip.click()
    expect(page.locator(CHOSEN)).to_have_text("All of me")
    expect(page).not_to_have_url(re.compile("facet"))
    wait_until_drawn(page)
    assert aliases(page) == whole


def test_filters_are_folded_and_stay_unfolded_while_they_are_used(page):
    order = page.get_by_label("Sort by")
    expect(order).to_be_hidden()
    filters_there(page)
    order.select_option(index=1)
    expect(page.locator(".es-state-now")).to_have_text("Near, with the most to discover")
    wait_until_drawn(page)
    expect(order).to_be_visible()
    page.get_by_text("Sort and filter").click()
    expect(order).to_be_hidden()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("11 to 20")).to_be_visible()
    wait_until_drawn(page)
    expect(order).to_be_hidden()


def by_link(page):
    page.get_by_role("link", name="Back to your matches").click()


def by_bar(page):
    page.get_by_role("link", name="Matches", exact=True).click()


WAYS = {"back": lambda page: page.go_back(), "link": by_link, "bar": by_bar}


@pytest.mark.parametrize(("width", "way"), [(TELEPHONE, "back"), (DESK, "link"), (DESK, "bar")])
def test_coming_back_from_a_match_finds_the_place_in_the_list(page, width, way):
    page.set_viewport_size(size(width))
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("11 to 20")).to_be_visible()
    wait_until_drawn(page)
    row = page.locator(".es-card").nth(7)
    row.scroll_into_view_if_needed()
    alias, top = aliases(page)[7], row.bounding_box()["y"]
    assert scrolled(page) > 300
    open_nth(page, 7)
    wait_until_drawn(page)
    WAYS[way](page)
    expect(row.locator(".es-alias")).to_have_text(alias)
    expect(row.get_by_role("link", name="Open")).to_be_focused()
    assert abs(row.bounding_box()["y"] - top) <= 2
    expect(page.get_by_text("11 to 20")).to_be_visible()


def test_another_page_of_the_list_begins_at_its_top(page):
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("11 to 20")).to_be_visible()
    wait_until_drawn(page)
    assert scrolled(page) == 0


def test_the_note_on_who_sees_me_is_closed_for_good_in_every_browser(chromium, stack, page):
    expect(page.get_by_text(HIDDEN)).to_be_visible()
    page.get_by_role("button", name="Got it").click()
    expect(page.get_by_text(HIDDEN)).to_have_count(0)
    other = chromium.new_context().new_page()
    other.goto(stack.app_url)
    sign_in(other, "syn-0195")
    wait_for_matches(other)
    expect(other.get_by_text(HIDDEN)).to_have_count(0)
    other.context.close()


def test_the_first_request_asks_whether_to_be_found_and_the_second_does_not(chromium, stack, spotify):
    context = chromium.new_context(viewport=size(TELEPHONE))
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, next_newcomer())
    wait_for_matches(page)
    ask_first_to_connect(page)
    expect(page.locator(".es-card").first).to_contain_text("connected")
    expect(page.get_by_text(HIDDEN)).to_have_count(0)
    wait_until_drawn(page)
    page.get_by_role("button", name="Ask to connect").first.click()
    expect(page.locator(".es-card").nth(1)).to_contain_text("connected")
    context.close()
