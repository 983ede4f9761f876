"""Back and a reload: a list and a group are found as they were left, and no Back is dead."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, wait_for_matches, wait_until_drawn
from tests.e2e.conftest import aliases
from tests.e2e.registry import signed_in_state
from tests.e2e.states import a_group, facets_there, filters_there, open_nth

pytestmark = pytest.mark.browser

LATELY = "Here in the last 30 days"
SIDE = ".es-sides button"
CHOSEN = ".es-sides [aria-pressed=true]"


@pytest.fixture(scope="module")
def state(chromium, stack):
    """What a browser keeps of syn-0180, who is connected with two and so has a group."""

    def with_a_group(page):
        page.goto(stack.app_url + "/groups")
        a_group(page)

    return signed_in_state(chromium, stack, "syn-0180", with_a_group)


@pytest.fixture
def page(chromium, stack, state):
    context = chromium.new_context(storage_state=state)
    page = context.new_page()
    page.goto(stack.app_url)
    wait_for_matches(page)
    filters_there(page)
    yield page
    context.close()


def choose(page, label, option):
    """Choose the nth thing of a menu; what it is called."""
    menu = page.get_by_role("combobox", name=label)
    menu.select_option(index=option)
    return menu.locator("option").nth(option).text_content()


def chosen(page, label):
    """What a menu stands at."""
    return page.get_by_role("combobox", name=label).locator("option:checked")


def narrow_by_tag(page):
    before = aliases(page)
    tag = choose(page, "Shared tag", 5)
    expect(page).to_have_url(re.compile(r"[?&]tag=-?\d+"))
    expect(page.get_by_text("Among your 100 nearest.")).to_be_visible()
    wait_until_drawn(page)
    return tag, before


def open_first_and(page, back):
    """Open a match, then go back."""
    left, address = aliases(page), page.url
    open_nth(page, 0)
    back()
    expect(page).to_have_url(address)
    expect(page.locator(".es-card .es-alias").first).to_have_text(left[0])
    wait_until_drawn(page)
    assert aliases(page) == left


def by_bar(page):
    page.get_by_role("link", name="Matches", exact=True).click()


def by_link(page):
    page.get_by_role("link", name="Back to your matches").click()


@pytest.mark.parametrize("back", [lambda page: page.go_back(), by_bar, by_link], ids=["back", "bar", "link"])
def test_coming_back_from_a_match_shows_the_list_as_it_was_left(page, back):
    tag, _ = narrow_by_tag(page)
    choose(page, "Sort by", 1)
    expect(page).to_have_url(re.compile("order=discover"))
    wait_until_drawn(page)
    open_first_and(page, lambda: back(page))
    expect(chosen(page, "Shared tag")).to_have_text(tag)
    expect(chosen(page, "Sort by")).to_have_text("Near, with the most to discover")


def test_coming_back_from_a_match_shows_the_page_it_was_on(page):
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("11 to 20")).to_be_visible()
    wait_until_drawn(page)
    open_first_and(page, page.go_back)
    expect(page.get_by_text("11 to 20")).to_be_visible()


def test_coming_back_from_a_match_shows_the_side_of_my_taste(page):
    page.locator(SIDE).nth(1).click()
    expect(page).to_have_url(re.compile(r"facet=-?\d{3,}"))
    wait_until_drawn(page)
    side = page.locator(CHOSEN).text_content()
    assert side.endswith("%")
    open_first_and(page, page.go_back)
    expect(page.locator(CHOSEN)).to_have_text(side)


def test_each_back_undoes_one_choice_and_none_is_dead(page):
    before = aliases(page)
    narrow_by_tag(page)
    page.get_by_text(LATELY).click()
    expect(page).to_have_url(re.compile("lately=1"))
    wait_until_drawn(page)
    page.go_back()
    expect(page.get_by_role("switch", name=LATELY)).not_to_be_checked()
    expect(page).to_have_url(re.compile(r"\?tag=-?\d+$"))
    page.go_back()
    expect(chosen(page, "Shared tag")).to_have_text("Any tag")
    expect(page.get_by_text("Among your 100 nearest.")).to_have_count(0)
    wait_until_drawn(page)
    assert aliases(page) == before
    page.go_forward()
    expect(page.get_by_text("Among your 100 nearest.")).to_be_visible()


def test_a_reload_and_a_second_tab_show_the_list_as_it_was_left(page):
    tag, _ = narrow_by_tag(page)
    left = aliases(page)
    page.reload()
    wait_for_matches(page, 1)
    filters_there(page)
    expect(chosen(page, "Shared tag")).to_have_text(tag)
    assert aliases(page) == left
    second = page.context.new_page()
    second.goto(page.url)
    wait_for_matches(second, 1)
    assert aliases(second) == left


AT_ONCE = """() => {
    document.querySelector('[data-press="lately"]').click();
    document.querySelectorAll(".es-sides button")[1].click();
}"""


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one moment"])
def test_two_choices_in_quick_succession_both_stay(page, at_once):
    facets_there(page)
    if at_once:
        page.evaluate(AT_ONCE)
    else:
        page.get_by_text(LATELY).click()
        page.locator(SIDE).nth(1).click()
    expect(page).to_have_url(re.compile(r"facet=-?\d+&lately=1"))
    wait_until_drawn(page)
    expect(page.locator(CHOSEN)).to_contain_text("%")
    expect(page.get_by_role("switch", name=LATELY)).to_be_checked()


@pytest.mark.parametrize(
    "typed", ["tag=<b>&facet=nothing&page=999&order=x&lately=yes", "tag=7&page=-1&facet="]
)
def test_an_address_that_asks_for_what_is_not_there_shows_the_matches(page, stack, typed):
    page.goto(f"{stack.app_url}/?{typed}")
    wait_for_matches(page, 1)
    filters_there(page)
    expect(chosen(page, "Shared tag")).to_have_text("Any tag")


def to_groups(page):
    page.get_by_role("link", name="Groups", exact=True).click()
    expect(page.locator(".es-joint")).to_be_visible()
    wait_until_drawn(page)


def test_one_back_leaves_the_groups(page, stack):
    to_groups(page)
    page.go_back()
    wait_for_matches(page)
    assert page.url.rstrip("/") == stack.app_url


def test_back_undoes_a_change_of_who_is_in_the_group_then_leaves(page):
    to_groups(page)
    page.get_by_role("button", name=re.compile("^Remove|delete", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()
    page.go_back()
    expect(page.locator(".es-joint")).to_be_visible()
    expect(page.get_by_text("Choose at least two listeners")).to_have_count(0)
    page.go_back()
    wait_for_matches(page)


def test_the_group_is_there_as_it_was_left_when_the_bar_leads_back_to_it(page):
    to_groups(page)
    page.get_by_role("button", name=re.compile("^Remove|delete", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", name="Taste map")).to_be_visible()
    page.get_by_role("link", name="Groups", exact=True).click()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()


# ---- links that carry names --------------------------------------------------------------------------


def stays(page):
    """Whether the page was not loaded anew since `window.stayed` was set."""
    return page.evaluate("window.stayed") is True


@pytest.mark.parametrize("link", [".es-mapped a", ".es-map a.es-mark"], ids=["list", "dot"])
def test_a_match_on_the_map_opens_without_loading_the_page_anew_and_back_leads_back(page, link):
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator(".es-map .es-mine")).to_be_visible()
    page.evaluate("window.stayed = true")
    page.locator(link).last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/match\?listener="))
    expect(page.locator("header.es-match")).to_be_visible()
    expect(page.locator(".es-map")).to_have_count(0)
    page.go_back()
    expect(page.locator(".es-map .es-mine")).to_be_visible()
    assert stays(page)


def test_such_a_link_still_opens_in_a_tab_of_its_own(page):
    page.get_by_role("link", name="Map", exact=True).click()
    wait_until_drawn(page)
    with page.context.expect_page() as opening:
        page.locator(".es-mapped a").first.click(modifiers=["Control"])
    expect(opening.value.locator("header.es-match")).to_be_visible()
    expect(page.locator(".es-map .es-mine")).to_be_visible()


# ---- elsewhere ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/taste", "/groups"])
def test_a_tab_that_is_left_alone_is_emptied_once_its_session_ended_elsewhere(chromium, stack, spotify, path):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, "syn-0181")
    wait_for_matches(page)
    other = context.new_page()
    other.goto(stack.app_url + path)
    expect(other.locator(".es-title")).to_be_visible()
    page.get_by_role("link", name="Sign out").click()
    expect(other.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible(timeout=15_000)
    expect(other.locator(".es-title")).to_have_count(0)
    context.close()


def test_times_are_those_of_the_browsers_zone(chromium, stack, state):
    context = chromium.new_context(storage_state=state, timezone_id="Asia/Kathmandu")
    page = context.new_page()
    page.goto(stack.app_url)
    wait_for_matches(page)
    moment = page.locator(".es-evidence time").get_attribute("datetime")
    told = page.evaluate(
        "one => new Date(one).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})", moment
    )
    expect(page.locator(".es-evidence time")).to_contain_text(f"at {told}.")
    context.close()
