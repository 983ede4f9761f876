"""Steps on the pages of Earshot in a real browser."""

import re

from playwright.sync_api import Page, expect

expect.set_options(timeout=20_000)  # test machines are shared, and slow at times


def sign_in(page: Page, listener_id: str) -> None:
    """Sign in through the local Spotify as one of its listeners."""
    page.get_by_role("link", name=re.compile("^Sign in")).first.click()
    choose_at_spotify(page, listener_id)


def choose_at_spotify(page: Page, listener_id: str) -> None:
    """Agree at the local Spotify as one of its listeners."""
    page.get_by_role("searchbox").fill(listener_id)
    page.get_by_role("button", name="Search").click()
    page.locator(f"button[value='{listener_id}']").click()


def wait_for_matches(page: Page, n_least: int = 10) -> None:
    """Wait until at least `n_least` matches are drawn."""
    expect(page.get_by_role("heading", name="Listeners nearest to you")).to_be_visible(timeout=60_000)
    expect(page.locator(".es-card").nth(n_least - 1)).to_be_visible()
    wait_until_drawn(page)


def ask_first_to_connect(page: Page) -> None:
    """In the list: ask the nearest listener, and stay hidden, as who is hidden is asked at first."""
    page.get_by_role("button", name="Ask to connect").first.click()
    page.get_by_role("button", name="Ask, and stay hidden").click()


def wait_until_drawn(page: Page) -> None:
    """Wait until Streamlit's script has ended; cards arrive one after another."""
    drawn = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(drawn).to_be_attached(timeout=60_000)


def let_others_find(page: Page) -> None:
    """On the page of privacy: press the switch that lets others find one, once the page is whole.

    Under load a press was lost that came while the page still arrived.
    """
    wait_until_drawn(page)
    page.get_by_text("Let others find me").click()


def unfold(page: Page, part: str) -> None:
    """On the page of privacy: unfold a part by its key, unless it is."""
    head = page.locator(f'button[data-fold="{part}"]')
    if head.get_attribute("aria-expanded") != "true":
        head.click()
    expect(head).to_have_attribute("aria-expanded", "true")


def connect_until_group(page: Page) -> None:
    """On the page of groups: connect with listeners until there is a group."""
    ask, group = page.get_by_role("button", name="Ask to connect"), page.locator(".es-joint")
    while True:
        expect(page.locator(".es-foot")).to_be_visible()
        expect(group.or_(ask).first).to_be_visible()
        if group.count():
            return
        n_before = ask.count()
        ask.first.click()
        expect(ask).not_to_have_count(n_before)
