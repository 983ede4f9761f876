"""The map in a browser: zoomed, moved, looked around in; what is left out moves my dot while one looks."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import wait_until_drawn
from tests.e2e.registry import WIDTHS, signed_in_state
from tests.e2e.states import told_aloud

pytestmark = pytest.mark.browser

LISTENER = "syn-0183"
VIEW = "() => ({...window.earshotZoom})"
IN_SIGHT = """(mark) => {
  const spot = mark.querySelector('.es-spot').getBoundingClientRect();
  const sheet = mark.closest('svg').getBoundingClientRect();
  const across = spot.right > sheet.left && spot.left < sheet.right;
  return across && spot.bottom > sheet.top && spot.top < sheet.bottom;
}"""


@pytest.fixture(scope="module")
def state(chromium, stack):
    return signed_in_state(chromium, stack, LISTENER)


@pytest.fixture(params=WIDTHS)
def page(request, chromium, stack, state):
    size = {"width": request.param, "height": WIDTHS[request.param]}
    context = chromium.new_context(storage_state=state, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    page.goto(stack.app_url + "/map")
    expect(page.locator(".es-map .es-mine")).to_be_visible(timeout=60_000)
    wait_until_drawn(page)
    yield page
    context.close()


def view(page):
    return page.evaluate(VIEW)


def me(page):
    """Where my dot stands on the page."""
    box = page.locator(".es-map .es-mine").bounding_box()
    return round(box["x"], 1), round(box["y"], 1)


def test_there_is_room_for_the_map(page):
    box = page.locator(".es-map svg").bounding_box()
    width = page.viewport_size["width"]
    assert box["height"] >= 320
    assert box["width"] == width if width < 500 else box["width"] >= 400
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def test_it_is_zoomed_and_moved_by_keys_and_shown_whole_again(page):
    page.locator(".es-map svg").focus()
    page.keyboard.press("+")
    once = view(page)
    page.keyboard.press("+")
    assert view(page)["k"] > once["k"] > 1
    before = me(page)
    page.keyboard.press("ArrowLeft")
    assert me(page)[0] > before[0]
    page.keyboard.press("ArrowDown")
    assert me(page)[1] < before[1]
    page.keyboard.press("-")
    assert view(page)["k"] == pytest.approx(once["k"])
    page.keyboard.press("0")
    assert view(page) == {"k": 1, "x": 0, "y": 0}


def test_it_is_zoomed_by_buttons_and_by_the_wheel_about_where_that_points(page):
    page.get_by_role("button", name="Zoom in").click()
    assert view(page)["k"] > 1
    page.get_by_role("button", name="Show all").click()
    assert view(page)["k"] == 1
    page.locator(".es-map svg").scroll_into_view_if_needed()
    spot = page.locator(".es-map .es-mine").bounding_box()
    page.mouse.move(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    before = me(page)
    page.mouse.wheel(0, -60)
    assert view(page)["k"] == 1, "a wheel that scrolls the page over an unchosen map"
    page.locator(".es-map .es-mine").scroll_into_view_if_needed()
    spot = page.locator(".es-map .es-mine").bounding_box()
    page.mouse.move(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    before = me(page)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function("() => window.earshotZoom.k > 1.5")
    assert me(page) == pytest.approx(before, abs=1.5)


def test_it_is_dragged_without_opening_who_is_there(page):
    page.get_by_role("button", name="Zoom in").click()
    page.locator(".es-map svg").scroll_into_view_if_needed()
    box = page.locator(".es-map svg").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = view(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    after = view(page)
    assert after["x"] < before["x"]
    assert after["y"] < before["y"]
    expect(page).to_have_url(re.compile("/map$"))


def test_names_without_room_come_with_the_zoom(page):
    later = page.locator(".es-map .es-from-4, .es-map .es-from-2")
    if not later.count():
        pytest.skip("there is room for every name at once")
    expect(later.first).to_be_hidden()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(later.first).to_have_css("display", re.compile("^(inline|block)$"))


def test_a_dot_says_who_it_is_and_is_brought_into_sight_when_it_has_the_focus(page):
    readout, mark = page.locator(".es-readout"), page.locator(".es-map a.es-mark").last
    expect(readout).to_have_text("")
    for _ in range(5):
        page.get_by_role("button", name="Zoom in").click()
    for one in (page.locator(".es-map a.es-mark").first, mark):
        one.focus()
        assert one.evaluate(IN_SIGHT)
        expect(readout).to_have_text(one.get_attribute("aria-label"))
    expect(readout).to_contain_text("1. ")
    assert float(readout.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 16


def test_what_is_left_out_moves_my_dot_and_keeps_the_zoom_and_the_focus(page):
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Zoom in").click()
    zoomed, place = view(page), page.locator(".es-layer-me .es-at")
    before = place.get_attribute("style")
    page.get_by_role("button", name=re.compile("^Leave out ")).first.focus()
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name=re.compile("^Put back "))
    expect(back).to_have_count(1, timeout=60_000)
    expect(back).to_be_focused()
    expect(place).not_to_have_attribute("style", before)
    expect(page.locator(".es-trail")).to_have_count(1)
    assert "Left out." in told_aloud(page)
    assert view(page) == zoomed
    page.keyboard.press("Enter")
    expect(back).to_have_count(0, timeout=60_000)
    expect(place).to_have_attribute("style", before)
    assert page.evaluate("window.stayed") is True


def test_a_part_of_my_taste_is_looked_around_in_and_back_leads_to_all_of_it(page):
    parts = page.locator(".es-choices button[data-press^=facet_]")
    assert parts.count() >= 3, "this listener has facets"
    parts.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"facet=-?\d+"))
    expect(parts.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(parts.nth(1)).to_be_focused()
    expect(page.locator(".es-result")).to_contain_text(parts.nth(1).locator("bdi").inner_text())
    expect(page.locator(".es-map .es-spot.es-was")).to_be_visible()
    page.go_back()
    expect(page.locator(".es-map .es-spot.es-was")).to_have_count(0)
    expect(parts.first).to_have_attribute("aria-pressed", "true")


def test_a_redraw_of_the_map_keeps_the_focus_on_its_dot(page):
    mark = page.locator(".es-map a.es-mark").last
    mark.focus()
    page.evaluate(
        "(() => { const one = document.querySelector('.es-map'); one.outerHTML = one.outerHTML; })()"
    )
    expect(page.locator(".es-map a.es-mark").last).to_be_focused()
