"""Real listeners: a listening table as training set, candidates and world."""

import os
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from harness.pages import ask_first_to_connect, let_others_find, sign_in, wait_for_matches, wait_until_drawn
from harness.stack import new_stack, server
from tests.e2e.test_main_flow import account_of

DATA = Path(os.environ.get("EARSHOT_DEV_DATA", "no-such-folder")) / "lastfm-friends"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (DATA / "listening.csv.gz").is_file(),
        reason="EARSHOT_DEV_DATA does not name a folder with lastfm-friends/listening.csv.gz",
    ),
]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    made = new_stack(tmp_path_factory.mktemp("real"))
    listening, tags = str(DATA / "listening.csv.gz"), str(DATA / "artist_tags.csv.gz")
    made.earshot("train", "--listening", listening, "--tags", tags, "--out", str(made.home / "model"))
    made.earshot("import", listening, "--tags", tags, "--local-accounts")
    port = made.emulator_url.rpartition(":")[2]
    spotify = server(
        made, "emulator", "--world", listening, "--port", port, ready=made.emulator_url + "/_emulator/health"
    )
    with spotify, server(made, "serve", ready=made.app_url + "/healthz"):
        yield made


def agree(chromium, real, account):
    """The other comes in, lets others find them, and agrees."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(real.app_url)
    sign_in(page, account)
    wait_for_matches(page)
    page.get_by_role("link", name="Privacy", exact=True).click()
    let_others_find(page)
    expect(page.get_by_text("You can be found.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^People")).first.click()
    page.get_by_role("button", name=re.compile("^Agree")).click()
    expect(page.get_by_role("button", name=re.compile("^Agree"))).to_have_count(0)
    wait_until_drawn(page)
    context.close()


def artists_on_page_of(page, card):
    """Artists that the page of a match names as shared; then back in the list."""
    card.get_by_role("link", name="Open").click()
    # what is shared stands after what is new
    shared = page.locator(".es-lists").last.locator("section").first.locator("li bdi")
    expect(shared.first).to_be_visible()
    wait_until_drawn(page)
    found = shared.all_text_contents()
    page.go_back()
    wait_for_matches(page)
    return found


def test_a_real_listener_is_matched_through_the_real_artists_shared(real, chromium):
    me = "7"
    table = pd.read_csv(DATA / "listening.csv.gz", dtype={"listener_id": str}, keep_default_na=False)
    mine = set(table.loc[table.listener_id == me, "artist_name"])
    context = chromium.new_context()
    page = context.new_page()
    page.goto(real.app_url)
    sign_in(page, me)
    wait_for_matches(page)
    shown = artists_on_page_of(page, page.locator(".es-card").first)
    assert 1 <= len(shown) <= 10  # to strangers the few that are strong on both sides are named
    assert set(shown) <= mine
    alias = page.locator(".es-card .es-alias").first.text_content()
    ask_first_to_connect(page)
    expect(page.get_by_text("They see your alias and can agree.")).to_be_visible()
    agree(chromium, real, account_of(real)[alias])
    page.goto(real.app_url)
    wait_for_matches(page)
    # their music was read anew as they signed in, so that somebody else may be a little nearer now
    card = page.locator(".es-card").filter(has=page.locator(".es-alias").get_by_text(alias, exact=True))
    shown = artists_on_page_of(page, card)
    assert len(shown) >= 3
    assert set(shown) <= mine
    context.close()
