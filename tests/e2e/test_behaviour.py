"""What a person expects of a page: reload, back, two tabs, an expired session, a restart in mid-reading."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import let_others_find, sign_in, wait_for_matches
from harness.stack import new_stack, server
from tests.e2e.conftest import aliases
from tests.e2e.states import a_group

pytestmark = pytest.mark.browser


def to(page, stack, path, heading):
    page.goto(stack.app_url + path)
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def invited_to_sign_in(page):
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()


def execute(stack, statement, *values):
    from storage.server.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.begin() as connection:
            connection.exec_driver_sql(statement, values)
    finally:
        database.close()


@pytest.fixture(scope="module")
def connected(chromium, stack):
    """What a browser keeps of somebody with a group: syn-0160 and the two nearest to them."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, "syn-0160")
    wait_for_matches(page)
    to(page, stack, "/groups", "Groups")
    a_group(page)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(chromium, stack, connected):
    context = chromium.new_context(storage_state=connected)
    page = context.new_page()
    yield page
    context.close()


def test_a_reload_keeps_who_is_in_the_group(page, stack):
    to(page, stack, "/groups", "Groups")
    expect(page.locator(".es-joint")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove|delete", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Choose at least two listeners")).to_be_visible()
    expect(page.locator(".es-joint")).to_have_count(0)


def test_back_leads_from_a_match_to_the_map_it_was_opened_from(page, stack):
    to(page, stack, "/map", "Taste map")
    alias = page.locator(".es-mapped a").first.inner_text()
    page.locator(".es-mapped a").first.click()
    expect(page.get_by_role("heading", name=alias)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Taste map")).to_be_visible()
    expect(page.locator(".es-map .es-mine")).to_be_visible()


def test_a_dot_on_the_map_opens_its_match_in_the_same_tab(page, stack):
    to(page, stack, "/map", "Taste map")
    dot = page.locator(".es-map a.es-mark").last
    dot.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/match\?listener="))
    assert len(page.context.pages) == 1


def test_what_is_done_in_one_tab_is_there_in_another_at_its_next_look(chromium, stack, spotify, open_browser):
    one = open_browser()
    sign_in(one, "syn-0161")
    wait_for_matches(one)
    to(one, stack, "/groups", "Groups")
    other = one.context.new_page()
    to(other, stack, "/groups", "Groups")
    expect(other.get_by_text("You are not connected with anybody yet")).to_be_visible()
    one.get_by_role("button", name="Ask to connect").first.click()
    expect(one.get_by_text("You are connected with one listener")).to_be_visible()
    other.get_by_role("link", name="Map", exact=True).click()
    other.get_by_role("link", name="Groups", exact=True).click()
    expect(other.get_by_text("You are connected with one listener")).to_be_visible()


def test_a_reading_begun_in_one_tab_is_watched_in_another(spotify, open_browser):
    one = open_browser()
    spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=30, retry_after=1)
    sign_in(one, "syn-0162")
    expect(one.get_by_role("heading", name="Finding your people")).to_be_visible()
    other = one.context.new_page()
    other.goto(one.url)
    expect(other.get_by_role("heading", name=re.compile("Finding your people|First matches"))).to_be_visible()
    spotify.delete("/_emulator/faults")
    wait_for_matches(one)
    wait_for_matches(other)


def test_an_expired_session_shows_nothing_more_and_invites_to_sign_in(stack, spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0163")
    wait_for_matches(page)
    of_mine = "SELECT id FROM listeners WHERE account_key = %s"
    execute(
        stack,
        f"UPDATE sessions SET expires_at_utc = now() - interval '1 minute' WHERE listener_id IN ({of_mine})",
        "spotify:syn-0163",
    )
    page.get_by_role("link", name="Map", exact=True).click()
    invited_to_sign_in(page)
    expect(page.locator(".es-map")).to_have_count(0)
    page.reload()
    invited_to_sign_in(page)
    expect(page.locator(".es-card")).to_have_count(0)


@pytest.fixture
def own(tmp_path_factory, stack):
    """An app of its own on the same local Spotify, to be stopped and started again; with a model, empty."""
    made = new_stack(tmp_path_factory.mktemp("restarted"))
    made.env["EARSHOT_EMULATOR_URL"] = stack.emulator_url
    (made.home / "model").symlink_to(stack.home / "model")
    return made


def test_a_restart_in_the_middle_of_a_reading_takes_it_up_without_a_hand(own, spotify, open_browser):
    ready = own.app_url + "/_stcore/health"
    with server(own, "serve", ready=ready):
        page = open_browser(url=own.app_url)
        spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=60, retry_after=1)
        sign_in(page, "syn-0164")
        expect(page.get_by_text("Calls used").first).to_be_visible(timeout=60_000)
    spotify.delete("/_emulator/faults")
    with server(own, "serve", ready=ready):
        expect(page.get_by_text(re.compile("nobody|no other listener", re.IGNORECASE)).first).to_be_visible(
            timeout=90_000
        )
        page.reload()
        expect(page.get_by_role("link", name="Sign out")).to_be_visible()
        expect(page.get_by_role("heading", name="Finding your people")).to_have_count(0)


def findable(page, listener_id):
    """Sign in as somebody and let others find them."""
    sign_in(page, listener_id)
    expect(page.get_by_role("link", name="Privacy", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Finding your people")).to_have_count(0, timeout=60_000)
    page.get_by_role("link", name="Privacy", exact=True).click()
    let_others_find(page)
    expect(page.get_by_text("You can be found.")).to_be_visible()


def test_a_restart_in_the_middle_of_a_refresh_leaves_the_matches_and_it_can_be_done_again(
    own, spotify, open_browser
):
    ready = own.app_url + "/_stcore/health"
    with server(own, "serve", ready=ready):
        findable(open_browser(url=own.app_url), "syn-0165")
        page = open_browser(url=own.app_url)
        sign_in(page, "syn-0166")
        wait_for_matches(page, 1)
        before = aliases(page)
        spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=60, retry_after=1)
        page.get_by_role("button", name="Refresh my profile").click()
        expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
    spotify.delete("/_emulator/faults")
    with server(own, "serve", ready=ready):
        refresh = page.get_by_role("button", name="Refresh my profile")
        expect(refresh).to_be_visible(timeout=90_000)
        assert aliases(page) == before
        refresh.click()
        expect(page.get_by_text(re.compile("Profile unchanged.|Updated."))).to_be_visible(timeout=60_000)
