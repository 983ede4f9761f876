"""How it feels: what takes long is seen to, nothing jumps, and everything is reached from the keyboard."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from harness.pages import wait_for_matches, wait_until_drawn
from tests.e2e.conftest import opening
from tests.e2e.registry import signed_in_state
from tests.e2e.states import filters_there

pytestmark = pytest.mark.browser

LISTENER = "syn-0182"
LATELY = "Here in the last 30 days"
MOST_SHIFT = 0.2
"""Cumulative layout shift, as of https://web.dev/articles/cls. Half of it are the shapes that Streamlit draws
before our style sheet is there; a screen that is drawn piece by piece comes to 0.5 and more."""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(scope="module")
def state(chromium, stack):
    return signed_in_state(chromium, stack, LISTENER)


@pytest.fixture
def opened(chromium, stack, state):
    """Opens a page of somebody who has matches, perhaps in a browser with options of its own."""
    with opening(chromium, stack.app_url) as open_one:

        def open_drawn(path="/", **options):
            page = open_one(path, WATCH_SHIFTS, storage_state=state, **options)
            wait_until_drawn(page)
            return page

        yield open_drawn


# ---- what takes long ---------------------------------------------------------------------------------


@contextmanager
def profiles_locked(stack):
    """Nobody can read a profile until the block ends, so that every screen takes as long."""
    from storage.server.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE profiles IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        database.close()


def line(page, figure):
    return page.evaluate(f"getComputedStyle(document.querySelector('.stApp'), '::before').{figure}")


def wait_for_line(page, opacity):
    page.wait_for_function(
        "wanted => getComputedStyle(document.querySelector('.stApp'), '::before').opacity === wanted",
        arg=opacity,
    )


def test_a_screen_that_takes_long_shows_shapes_in_place_of_the_one_before_and_a_line_above(stack, opened):
    page = opened()
    wait_for_matches(page)
    assert line(page, "opacity") == "0"
    with profiles_locked(stack):
        page.get_by_role("link", name="My taste").click()
        expect(page.locator(".es-skeleton")).to_be_visible()
        expect(page.locator(".es-card").first).to_be_hidden()
        expect(page.locator(".es-foot")).to_be_hidden()
        wait_for_line(page, "1")
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()
    expect(page.locator(".es-skeleton")).to_have_count(0)
    expect(page.locator(".es-foot")).to_be_visible()
    wait_until_drawn(page)
    wait_for_line(page, "0")


def test_what_is_done_on_a_screen_leaves_it_there_while_it_takes_long(stack, opened):
    page = opened()
    filters_there(page)
    with profiles_locked(stack):
        page.get_by_text(LATELY).click()
        wait_for_line(page, "1")
        expect(page.locator(".es-card").first).to_be_visible()
        expect(page.locator(".es-skeleton")).to_have_count(0)
    expect(page.get_by_text("Among your 100 nearest.")).to_be_visible()


def test_the_line_does_not_move_for_who_wants_less_motion(stack, opened):
    page = opened(reduced_motion="reduce")
    wait_for_matches(page)
    with profiles_locked(stack):
        page.get_by_role("link", name="My taste").click()
        expect(page.locator(".es-skeleton")).to_be_visible()
        assert line(page, "animationName") == "es-appear"
        assert line(page, "transform") == "none"
    expect(page.get_by_role("heading", name="My taste")).to_be_visible()


# ---- jumps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "size"),
    [("/", (1440, 900)), ("/taste", (390, 844)), ("/map", (1440, 900)), ("/privacy", (390, 844))],
)
def test_nothing_jumps_while_a_screen_is_drawn(opened, path, size):
    def shift():
        page = opened(path, viewport={"width": size[0], "height": size[1]})
        expect(page.locator(".es-foot")).to_be_attached()
        page.wait_for_timeout(1000)
        return sum(page.evaluate("window.shifts"))

    # on a busy machine even Streamlit's own parts come late, once in a while
    assert any(shift() <= MOST_SHIFT for _ in range(3))


# ---- keyboard ----------------------------------------------------------------------------------------


def tab_to(page, wanted, most=60):
    """Press Tab until it is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    reached = page.evaluate("document.activeElement.innerText")
    raise AssertionError(f"it is not reached from the keyboard, which came to {reached!r}")


def outlined(one):
    return one.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_a_question_of_a_card_is_asked_and_answered_from_the_keyboard(opened):
    page = opened()
    filters_there(page)
    card = page.locator(".es-card").first
    block = card.get_by_role("button", name=re.compile("^Block "))
    tab_to(page, block)
    assert outlined(block)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    wait_until_drawn(page)
    no = card.get_by_role("button", name=re.compile("^Keep "))
    expect(no).to_be_focused()
    assert outlined(no)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(block).to_be_focused()


def test_the_focus_goes_on_to_what_took_the_place_of_a_button(opened):
    page = opened("/taste")
    leave = page.get_by_role("button", name="Leave out", exact=True).first
    expect(leave).to_be_visible()
    wait_until_drawn(page)
    leave.focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Put back", exact=True).first
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Put back", exact=True)).to_have_count(0)
    expect(leave).to_be_focused()


def test_filters_are_set_from_the_keyboard(opened):
    page = opened()
    filters_there(page)
    order = page.get_by_label("Sort by")
    tab_to(page, order)
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("order=discover"))
    wait_until_drawn(page)
    expect(order.locator("option:checked")).to_have_text("Near, with the most to discover")
    expect(order).to_be_focused()
    tab_to(page, page.get_by_role("switch", name=LATELY))
    page.keyboard.press("Space")
    expect(page.get_by_role("switch", name=LATELY)).to_be_checked()


def test_a_match_is_opened_and_left_from_the_keyboard(opened):
    page = opened()
    filters_there(page)
    tab_to(page, page.locator(".es-card").first.get_by_role("link", name="Open"))
    page.keyboard.press("Enter")
    expect(page.locator("header.es-match")).to_be_visible()
    wait_until_drawn(page)
    back = page.get_by_role("link", name="Back to your matches")
    tab_to(page, back)
    page.keyboard.press("Enter")
    wait_for_matches(page)
