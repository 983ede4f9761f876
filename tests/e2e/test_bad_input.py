"""What goes wrong is said plainly, with what to do, and leaves nothing half-written."""

import re

import pytest
from playwright.sync_api import expect

from harness.pages import sign_in, wait_for_matches
from harness.stack import new_stack, server

pytestmark = pytest.mark.browser


def n_rows(stack, table):
    from storage.server.database import open_database

    database = open_database(None, stack.home / "postgres")
    try:
        with database.engine.connect() as connection:
            return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
    finally:
        database.close()


def signed_out(page):
    expect(page.get_by_role("link", name=re.compile("^Sign in")).first).to_be_visible()


def test_saying_no_on_the_consent_page(stack, spotify, open_browser):
    before = n_rows(stack, "sessions"), n_rows(stack, "grants")
    page = open_browser()
    page.get_by_role("link", name=re.compile("^Sign in")).first.click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You said no, and that is fine")).to_be_visible()
    signed_out(page)
    assert (n_rows(stack, "sessions"), n_rows(stack, "grants")) == before


def test_a_wrong_state(stack, spotify, open_browser):
    page = open_browser("/callback?code=abc&state=wrong")
    expect(page.get_by_text("That sign-in could not be completed")).to_be_visible()
    signed_out(page)


def test_a_reused_state(stack, spotify, open_browser):
    page = open_browser()
    used = []
    page.on("request", lambda request: used.append(request.url) if "/callback?" in request.url else None)
    sign_in(page, "syn-0100")
    wait_for_matches(page)
    stranger = open_browser()
    stranger.goto(used[0])
    expect(stranger.get_by_text("That sign-in could not be completed")).to_be_visible()
    page.goto(used[0])
    expect(page.get_by_text("That sign-in could not be completed")).to_be_visible()


def test_a_state_begun_in_another_browser(stack, spotify, open_browser):
    victim, attacker = open_browser(), open_browser()
    attacker.get_by_role("link", name=re.compile("^Sign in")).first.click()
    attacker.get_by_role("searchbox").fill("syn-0101")
    attacker.get_by_role("button", name="Search").click()
    attacker.route("**/callback?**", lambda route: route.abort())
    caught = []
    attacker.on(
        "request", lambda request: caught.append(request.url) if "/callback?" in request.url else None
    )
    attacker.locator("button[value='syn-0101']").click()
    attacker.wait_for_timeout(1000)
    victim.goto(caught[0])
    expect(victim.get_by_text("That sign-in could not be completed")).to_be_visible()
    signed_out(victim)


def test_a_problem_in_the_address_is_never_echoed(stack, open_browser):
    page = open_browser("/?problem=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    signed_out(page)
    assert "onerror" not in page.locator("body").inner_html()


def test_a_listener_with_no_music(stack, spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-quiet")
    expect(page.get_by_text(re.compile("no music|nothing to listen", re.IGNORECASE)).first).to_be_visible(
        timeout=60_000
    )
    expect(page.locator(".es-card")).to_have_count(0)


def test_spotify_down_while_signing_in(stack, spotify, open_browser):
    before = n_rows(stack, "listeners"), n_rows(stack, "grants")
    spotify.post("/_emulator/faults", kind="unavailable", path="/v1/me", times=20)
    page = open_browser()
    sign_in(page, "syn-0102")
    expect(page.get_by_text("Spotify does not answer")).to_be_visible()
    signed_out(page)
    assert (n_rows(stack, "listeners"), n_rows(stack, "grants")) == before


def test_spotify_down_while_refreshing_keeps_the_matches(stack, spotify, open_browser):
    page = open_browser()
    sign_in(page, "syn-0103")
    wait_for_matches(page)
    spotify.post("/_emulator/faults", kind="cut", path="/v1/me", times=100)
    page.get_by_role("button", name="Refresh my profile").click()
    expect(page.get_by_text("Spotify does not answer")).to_be_visible(timeout=60_000)
    wait_for_matches(page)


def test_without_model_and_candidates_each_says_what_to_do(tmp_path_factory, stack, spotify, open_browser):
    """A second app on the same local Spotify: first without a model, then with one and nobody in it."""
    empty = new_stack(tmp_path_factory.mktemp("empty"))
    empty.env["EARSHOT_EMULATOR_URL"] = stack.emulator_url
    with server(empty, "serve", ready=empty.app_url + "/_stcore/health"):
        page = open_browser(url=empty.app_url)
        sign_in(page, "syn-0104")
        expect(page.get_by_text(re.compile("model", re.IGNORECASE)).first).to_be_visible(timeout=60_000)
        expect(page.locator(".es-card")).to_have_count(0)
        (empty.home / "model").symlink_to(stack.home / "model")
        page.get_by_role("button", name="Look again").click()
        expect(
            page.get_by_text(re.compile("nobody|no one|no other listener", re.IGNORECASE)).first
        ).to_be_visible(timeout=60_000)
        expect(page.locator(".es-card")).to_have_count(0)
