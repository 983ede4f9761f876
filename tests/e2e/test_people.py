"""People: what is new is counted without a reload, at any width."""

import re

from playwright.sync_api import expect

from harness.pages import let_others_find, sign_in, wait_for_matches
from matcher.ports import Account
from storage.server.database import open_database
from storage.stores.listeners.listeners import PostgresListenerStore
from tests.e2e.test_me import to_privacy

IN_ORDER = ("A playlist for both", "New for you", "A card to share", "Everything you share", "Why you match")
"""Headings of the page of two who are connected."""


def id_of(stack, account):
    """Our id of a listener, straight from the database."""
    database = open_database(None, stack.home / "postgres")
    try:
        return PostgresListenerStore(database).owner_of(Account(f"spotify:{account}"))
    finally:
        database.close()


def test_all_screens_stand_in_the_bar(open_browser):
    page = open_browser()
    sign_in(page, "syn-0045")
    wait_for_matches(page)
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        for link in page.get_by_role("navigation", name="Screens").get_by_role("link").all():
            expect(link).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_request_is_counted_without_a_reload_and_seen_on_people(stack, open_browser):
    me, other = open_browser(), open_browser()
    sign_in(me, "syn-0046")
    wait_for_matches(me)
    to_privacy(me)
    let_others_find(me)
    expect(me.get_by_text("You can be found.")).to_be_visible()
    sign_in(other, "syn-0047")
    wait_for_matches(other)
    other.goto(f"{stack.app_url}/match?listener={id_of(stack, 'syn-0046')}")
    expect(me.locator(".es-badge")).to_have_count(0)
    other.get_by_role("button", name=re.compile("Ask .*to connect|Ask to connect")).first.click()
    expect(other.get_by_role("button", name=re.compile("Take back|Withdraw"))).to_be_visible()
    expect(me.locator(".es-badge")).to_have_text(re.compile("^1"), timeout=60_000)  # without a reload
    expect(me).to_have_title("(1) Privacy · Earshot")
    me.get_by_role("link", name=re.compile("^People 1 new")).click()
    expect(me.get_by_role("heading", name="They ask to connect")).to_be_visible()
    expect(me.locator(".es-badge")).to_have_count(0)
    expect(me).to_have_title("People · Earshot")
    me.get_by_role("button", name=re.compile("^Agree")).click()
    expect(other.locator(".es-badge")).to_have_text(re.compile("^1"), timeout=60_000)
    other.get_by_role("link", name=re.compile("^People 1 new")).click()
    other.get_by_role("link", name=re.compile("^Open ")).click()
    expect(other.get_by_role("heading", name="You both said yes.")).to_be_visible()
    for width in (1440, 390):
        other.set_viewport_size({"width": width, "height": 844})
        tops = [other.get_by_role("heading", name=one, exact=True).bounding_box()["y"] for one in IN_ORDER]
        tops.append(other.get_by_role("button", name=re.compile("^Disconnect")).bounding_box()["y"])
        assert tops == sorted(tops)
        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
