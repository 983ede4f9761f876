"""Times of warm actions in a real browser, and memory of the application."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.actions import round_of_all, timed_ms
from benchmarks.app_process import Memory, memory_of, serving
from benchmarks.plain import PLAIN, SIZE, PlainPage, plain_server
from harness.browser import ARGUMENTS, find_chromium
from harness.pages import connect_until_group, sign_in, wait_for_matches
from harness.stack import Stack, new_stack
from storage.server.database import open_database
from ui import texts

N_SIGNED_IN = 10
_LEND = """
INSERT INTO profiles (listener_id, content, digest, synced_at_utc)
SELECT bare.listener_id, lent.content, lent.digest, lent.synced_at_utc
FROM vectors AS bare CROSS JOIN LATERAL (
  SELECT profiles.* FROM profiles JOIN vectors AS near USING (listener_id)
  ORDER BY near.embedding <#> bare.embedding LIMIT 1
) AS lent
WHERE bare.listener_id = ANY (CAST(%(ids)s AS uuid[]))
ON CONFLICT DO NOTHING
"""

Timings = dict[str, list[float]]
"""Milliseconds of every repeat, by action."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    stack = new_stack(Path(request["home"]))
    with (
        serving(stack, request["n_listeners"]) as application,
        plain_server() as plain,
        chromium() as browser,
    ):
        held, pages = sign_ten_in(browser, stack, application.pid)
        beside = {name: PlainPage(browser, f"{plain}/?cards={n}") for name, n in PLAIN.items()}
        timings = browse(pages, stack, request["repeats"], beside)
        after = memory_of(application.pid, stack.home)
        for page in pages:
            page.context.close()
    alone = {name: one.timings_ms for name, one in beside.items()}
    return {"timings_ms": timings, "plain_ms": alone, "signed_in": asdict(held), "browsed": asdict(after)}


def sign_ten_in(browser: Browser, stack: Stack, application: int) -> tuple[Memory, list[Page]]:
    """Sign ten listeners in; memory afterwards, and the pages of the last three.

    Args:
        browser: a real one.
        stack: where the application is.
        application: its process id.
    """
    pages: list[Page] = []
    for number in range(1, N_SIGNED_IN + 1):
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(stack.app_url)
        sign_in(page, f"syn-{number:04}")
        wait_for_matches(page)
        pages.append(page)
    held = memory_of(application, stack.home)
    for page in pages[:-3]:
        page.context.close()
    return held, pages[-3:]


def browse(
    pages: list[Page], stack: Stack, repeats: int, beside: Mapping[str, PlainPage] = MappingProxyType({})
) -> Timings:
    """Do all actions `repeats` times, listeners taking turns, after a warm-up round.

    Args:
        pages: one of each listener.
        stack: where the application is.
        repeats: how many rounds count.
        beside: plain pages, which are drawn once a round.
    """
    timings: Timings = {}
    for page in pages:
        _begin(page, stack, "groups")
        connect_until_group(page)
    for repeat in range(-len(pages), repeats):
        page = pages[repeat % len(pages)]
        _begin(page, stack)
        _with_profiles(page, stack)
        for action in round_of_all(max(repeat, 0) % 5):
            took_ms = timed_ms(page, action)
            if action.name and repeat >= 0:
                timings.setdefault(action.name, []).append(took_ms)
        for plain in beside.values():
            plain.draw_again(counts=repeat >= 0)
    return timings


def _begin(page: Page, stack: Stack, path: str = "") -> None:
    """Open Earshot as in a new tab."""
    page.goto(f"{stack.app_url}/{path}")
    expect(page.locator(".es-foot")).to_be_visible(timeout=60_000)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached(
        timeout=60_000
    )


def _with_profiles(page: Page, stack: Stack) -> None:
    """Give blends on the page the profile of their nearest listener: pages show it."""
    links = page.get_by_role("link", name=texts.card.OPEN).evaluate_all("all => all.map(one => one.href)")
    ids = [parse_qs(urlsplit(link).query)["listener"][0] for link in links]
    database = open_database(None, stack.home / "postgres")
    try:
        with database.transaction() as connection:
            connection.exec_driver_sql(_LEND, {"ids": ids})
    finally:
        database.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A real browser until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()
