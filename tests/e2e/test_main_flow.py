"""The main job in a real browser: sign in, be matched, refresh, sign out."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, wait_for_matches, wait_until_drawn
from tests.e2e.conftest import aliases, tab_after_signing_out

pytestmark = pytest.mark.browser


def account_of(stack):
    """Accounts by alias, straight from the database."""
    from storage.server.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT alias, account_key FROM listeners").all()
    finally:
        database.close()
    return {alias: key.removeprefix("spotify:") for alias, key in rows}


def scenes_by_alias(stack, spotify):
    scenes = {row["id"]: row["scenes"] for row in spotify.get("/_emulator/listeners?limit=1000")["listeners"]}
    return {alias: scenes.get(account, []) for alias, account in account_of(stack).items()}


def test_sign_in_matches_refresh_and_sign_out(stack, spotify, open_browser):
    me = "syn-0042"
    my_scenes = set(spotify.scenes_of(me))
    page = open_browser()
    expect(page.get_by_text("every listener here is synthetic")).to_be_visible()
    spotify.post(
        "/_emulator/faults", kind="slow", path="/v1/playlists", times=8, retry_after=3
    )  # time to watch: playlists are read four at a time
    sign_in(page, me)
    expect(page.get_by_role("heading", name="First matches, still reading")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of \d+")).first).to_be_visible()
    expect(page.locator(".es-card")).to_have_count(5)
    expect(page.locator(".es-story li")).to_have_count(5)
    wait_for_matches(page)

    before = aliases(page)
    scenes = scenes_by_alias(stack, spotify)
    assert len(before) >= 10
    assert all(my_scenes & set(scenes[alias]) for alias in before[:5])

    other = next(s["name"] for s in spotify.get("/_emulator/scenes")["scenes"] if s["name"] not in my_scenes)
    spotify.post(f"/_emulator/listeners/{me}/adopt-scene", scene=other, share=0.9)
    page.get_by_role("button", name="Refresh my profile").click()
    expect(page.get_by_text("Updated.")).to_be_visible(timeout=60_000)
    expect(page.locator(".es-card .es-alias")).not_to_have_text(before)
    after = aliases(page)
    assert after[:10] != before[:10]
    in_new_scene = sum(other in scenes[alias] for alias in after[:10])
    assert in_new_scene > sum(other in scenes[alias] for alias in before[:10])

    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    expect(page.locator(".es-card")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    content = page.content()
    assert not any(alias in content for alias in after)


def test_the_story_stays_after_the_reading(open_browser):
    page = open_browser()
    sign_in(page, "syn-0044")
    wait_for_matches(page)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        page.get_by_role("link", name="My taste").click()
        page.get_by_role("link", name="Your story in five cards").click()
        expect(page.get_by_role("heading", name=re.compile("^Your nearest person"))).to_be_visible()
        last = page.get_by_role("heading", name=re.compile("^What they could show you"))
        last.scroll_into_view_if_needed()
        expect(last).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="See my matches").click()
        wait_for_matches(page)


def test_connecting_shows_what_a_match_rests_on_and_blocking_takes_it_away(open_browser):
    page = open_browser()
    sign_in(page, "syn-0045")
    wait_for_matches(page)
    alias = aliases(page)[4]
    expect(page.locator(".es-score")).to_have_count(0)
    page.locator(".es-card").nth(4).get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name=alias)).to_be_visible()
    expect(page.locator(".es-card")).to_have_count(0)
    expect(page.locator(".es-waterfall")).to_have_count(0)
    wait_until_drawn(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    page.get_by_role("button", name="Ask to connect").click()
    expect(page.locator(".es-score")).to_contain_text("%")
    expect(page.locator(".es-waterfall")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name="Make a playlist for both").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download as CSV").click()
    assert downloading.value.path().read_text("utf-8").startswith("position,title,artist,from,link")
    page.get_by_text("If something is wrong").click()
    page.get_by_role("button", name=f"Block {alias}", exact=True).click()
    expect(page.get_by_role("button", name="Yes, block")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name="Yes, block").click()
    expect(page.get_by_role("heading", name="This listener is not here")).to_be_visible()
    page.get_by_role("link", name="Back to your matches").click()
    wait_for_matches(page)
    assert alias not in aliases(page)


def test_an_unchanged_library_says_so(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0050")
    wait_for_matches(page)
    before = aliases(page)
    page.get_by_role("button", name="Refresh my profile").click()
    expect(page.get_by_text("Profile unchanged.")).to_be_visible(timeout=60_000)
    assert aliases(page) == before


def test_two_browsers_never_see_each_others_data(stack, spotify, open_browser):
    one, other = open_browser(), open_browser()
    sign_in(one, "syn-0060")
    sign_in(other, "syn-0061")
    wait_for_matches(one)
    wait_for_matches(other)
    accounts = {account: alias for alias, account in account_of(stack).items()}
    mine, yours = accounts["syn-0060"], accounts["syn-0061"]
    assert mine in one.locator("body").inner_text()
    assert yours in other.locator("body").inner_text()
    for _ in range(2):
        assert yours not in one.content()
        assert mine not in other.content()
        one.reload()
        other.reload()
        wait_for_matches(one)
        wait_for_matches(other)


def test_sign_out_in_one_tab_empties_the_other(spotify, open_browser):
    second = tab_after_signing_out(open_browser(), "syn-0070")
    second.get_by_role("button", name="Refresh my profile").click()
    expect(second.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()
    expect(second.locator(".es-card")).to_have_count(0)


def test_a_reload_keeps_the_person_signed_in(spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0080")
    wait_for_matches(page)
    before = aliases(page)
    page.reload()
    wait_for_matches(page)
    assert aliases(page) == before


def test_no_secret_reaches_the_page_or_the_log(stack, spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0090")
    wait_for_matches(page)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    session = cookies["earshot_session"]
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert page.url.rstrip("/") == stack.app_url
    assert session["value"] not in page.content()
    assert session["value"] not in stack.log.read_text()
    assert page.evaluate("document.cookie").find("earshot_session") == -1
    assert not list(stack.home.rglob(".cache"))
