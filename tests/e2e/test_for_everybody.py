"""The main flow from the keyboard and as it is read aloud; other colours, contrast and networks."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from harness.pages import connect_until_group, unfold, wait_for_matches, wait_until_drawn
from tests.e2e.conftest import opening
from tests.e2e.registry import WIDTHS, signed_in_state
from tests.e2e.states import read_aloud, to, told_aloud

pytestmark = pytest.mark.browser

LISTENER = "syn-0184"
WHO = re.compile("^(Open|Hide|Block|Ask to connect with|Disconnect from) .*[A-Z]")
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def state(chromium, stack):
    return signed_in_state(chromium, stack, LISTENER)


@pytest.fixture
def opened(chromium, stack, state):
    """Opens a page of somebody who has matches, perhaps in a browser with options of its own."""
    with opening(chromium, stack.app_url) as open_one:

        def open_drawn(path="/", width=1440, **options):
            size = {"width": width, "height": WIDTHS.get(width, 800)}
            page = open_one(path, storage_state=state, viewport=size, **options)
            wait_until_drawn(page)
            return page

        yield open_drawn


def focused(page):
    """What has the focus once the page is drawn; it is never the page itself."""
    wait_until_drawn(page)
    page.wait_for_function("() => document.activeElement !== document.body")
    return page.evaluate("document.activeElement.tagName")


def press(page, one, key="Enter"):
    one.focus()
    page.keyboard.press(key)


def aloud(page):
    """Roles and names of all that can be operated or jumped to."""
    kinds = {"button", "link", "switch", "combobox", "textbox", "heading", "searchbox"}
    return [(role, name) for role, name in read_aloud(page) if role in kinds]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_main_flow_is_walked_by_keyboard_and_the_focus_never_falls_to_the_page(opened, width):
    page = opened(width=width)
    wait_for_matches(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    assert focused(page) == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.es-bar') === null"), "it skips the bar"
    card = page.locator(".es-card").first
    alias = card.locator(".es-alias").inner_text()
    press(page, card.get_by_role("button", name=f"Hide {alias}"))
    expect(page.locator(".es-card .es-alias").first).not_to_have_text(alias)
    assert focused(page) in ("H2", "H3")
    press(page, page.get_by_role("button", name=re.compile("^Block ")).first)
    expect(page.get_by_role("alert")).to_be_visible()
    focused(page)
    expect(page.get_by_role("button", name=re.compile("^Keep "))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert focused(page) == "BUTTON"
    press(page, page.get_by_role("link", name=re.compile("^Open ")).first)
    expect(page.locator("header.es-match")).to_be_visible()
    focused(page)
    expect(page.locator("header.es-match h1")).to_be_focused()
    press(page, page.get_by_role("button", name=re.compile("^Ask to connect with ")))
    expect(page.get_by_role("button", name=re.compile("^Disconnect from "))).to_be_visible(timeout=60_000)
    focused(page)
    press(page, page.get_by_role("button", name="Make a playlist for both"))
    expect(page.locator(".es-joint")).to_be_visible(timeout=60_000)
    focused(page)
    press(page, page.get_by_role("button", name=re.compile("^Disconnect from ")))
    expect(page.get_by_role("button", name=re.compile("^Keep "))).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Ask to connect with "))).to_be_visible()
    focused(page)
    for name in ("My taste", "Map", "Groups", "Privacy", "Matches"):
        press(page, page.get_by_role("link", name=name, exact=True))
        expect(page.locator(f'.es-screens a[aria-current]:has-text("{name}")')).to_be_visible()
        focused(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_main_flow_is_read_aloud_with_a_name_for_everything_and_of_whom(opened, width):
    page = opened(width=width)
    wait_for_matches(page)
    told = aloud(page)
    assert all(name for _, name in told)
    beside = [name for _, name in told if re.match("(Open|Hide|Block|Ask to connect)", name)]
    assert len(beside) >= 8  # a browser leaves out cards far below until they come near
    assert [name for name in beside if not WHO.match(name)] == []
    assert len(set(beside)) == len(beside), "no two buttons are called the same"
    assert [role for role, _ in told].count("heading") >= 3
    press(page, page.get_by_role("link", name=re.compile("^Open ")).first)
    expect(page.locator("header.es-match")).to_be_visible()
    wait_until_drawn(page)
    assert all(name for _, name in aloud(page))
    to(page, "Privacy")
    told = aloud(page)
    assert all(name for _, name in told)
    assert ("heading", "Being found") in told
    assert ("button", "Erase everything") in told
    assert not [name for _, name in told if "Erase everything about me" in name], "it is folded"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/map", "/groups", "/privacy"])
def test_criteria_of_wcag_2_2_aa_hold(opened, path, width):
    page = opened(path, width)
    expect(page.locator(".es-foot")).to_be_attached()
    found = Axe().run(page, options={"runOnly": CRITERIA}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_parts_of_privacy_unfold_say_how_they_stand_and_stay_open(opened):
    page = opened("/privacy", 390)
    state = page.locator("#es-state-found")
    expect(page.get_by_role("switch", name="Let others find me")).to_be_visible()
    expect(state).to_have_text("Found by others: off")
    expect(page.get_by_label("To confirm, type")).to_be_hidden()
    unfold(page, "sharing")
    expect(page.get_by_role("switch", name="My artists")).to_be_visible()
    press(page, page.get_by_role("switch", name="Let others find me"), "Space")
    expect(state).to_have_text("Found by others: on")
    assert focused(page) == "BUTTON"
    expect(page.get_by_role("switch", name="My artists")).to_be_visible()
    press(page, page.get_by_role("switch", name="Let others find me"), "Space")
    expect(state).to_have_text("Found by others: off")


def test_what_is_told_in_a_folded_part_unfolds_it(opened):
    page = opened("/privacy")
    unfold(page, "erase")
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_text("Nothing was erased.")).to_be_visible()
    assert "Nothing was erased." in told_aloud(page)
    page.locator("button[data-fold=erase]").click()
    expect(page.get_by_text("Nothing was erased.")).to_be_visible()


def test_offline_is_said_and_taken_back(opened):
    page = opened(width=390)
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()


def test_a_lost_connection_is_said(opened):
    page = opened()
    page.evaluate(
        "document.querySelector('.stApp').setAttribute('data-test-connection-state', 'PINGING_SERVER')"
    )
    expect(page.get_by_text("The connection is lost.")).to_be_visible()


def test_switches_are_seen_in_colours_of_ones_own(opened):
    page = opened("/privacy", forced_colors="active")
    one = page.get_by_role("switch", name="Let others find me").locator("i")
    look = one.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one, '::before').backgroundColor]"
    )
    assert look[0] != look[1], "the knob stands out"
    assert one.evaluate("one => getComputedStyle(one).borderTopWidth") != "0px"


def test_more_contrast_and_less_motion_are_honoured(opened):
    colour = "getComputedStyle(document.querySelector('.es-title p, .es-evidence')).color"
    page, plain = opened("/map", contrast="more", reduced_motion="reduce"), opened("/map")
    for one in (page, plain):
        expect(one.locator(".es-map .es-mine")).to_be_visible()
    assert page.evaluate(colour) != plain.evaluate(colour)
    glide = "parseFloat(getComputedStyle(document.querySelector('.es-layer-me .es-at')).transitionDuration)"
    assert plain.evaluate(glide) > 0
    assert page.evaluate(glide) <= 0.01


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_group_has_a_colour_and_a_letter_a_person_and_a_choice_keeps_the_place(opened, width):
    page = opened("/groups", width)
    connect_until_group(page)
    wait_until_drawn(page)
    letters = page.locator(".es-people .es-letter")
    assert letters.all_inner_texts()[:3] == ["A", "B", "C"]
    colours = letters.evaluate_all("all => all.map((one) => getComputedStyle(one).backgroundColor)")
    assert len(set(colours)) == len(colours)
    drawn = page.locator(".es-heat circle.es-letter").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).fill)"
    )
    assert set(drawn) == set(colours)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    main.evaluate("one => one.scrollTo(0, 150)")
    top = main.evaluate("one => one.scrollTop")
    page.get_by_role("button", name=re.compile("^Remove|delete", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()
    wait_until_drawn(page)
    assert main.evaluate("one => one.scrollTop") == pytest.approx(
        min(top, main.evaluate("one => one.scrollHeight - one.clientHeight")), abs=2
    )
    page.go_back()
    expect(page.locator(".es-joint")).to_be_visible()


def test_a_redraw_of_a_chart_keeps_the_focus_on_its_mark(opened):
    page = opened("/taste")
    mark = page.locator(".es-radar .es-mark").nth(2)
    expect(mark).to_be_visible()
    mark.focus()
    page.evaluate(
        "(() => { const one = document.querySelector('.es-radar'); one.outerHTML = one.outerHTML; })()"
    )
    expect(mark).to_be_focused()
    expect(mark.locator(".es-tip").first).to_be_visible()
