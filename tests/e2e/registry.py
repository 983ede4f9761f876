"""Every screen of which pictures are taken, and which axe-core looks at. A new one is a line in SCREENS."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.ui.charts import gallery

WIDTHS = {1440: 900, 390: 844}
"""Heights by width, in pixels."""
SCHEMES = ("light", "dark")
LISTENER = "syn-0042"

Prepare = Callable[[Page, "object"], None]
"""Brings a page into the state to look at; the second argument talks to the local Spotify."""


@dataclass(frozen=True)
class Screen:
    """A screen to look at.

    Attributes:
        name: of the picture.
        path: address in the app.
        ready: CSS selector of what is there once the screen is.
        signed_in: whether somebody is.
        prepare: what to do after it is ready, if anything; every width and scheme anew.
    """

    name: str
    path: str
    ready: str
    signed_in: bool = True
    prepare: Prepare | None = None


def filters_there(page, spotify):
    """Widgets come a moment after the rest."""
    expect(page.get_by_text("Here in the last 30 days")).to_be_visible()


def open_nth(page, place):
    """From the matches to the page of one of them."""
    page.locator("[class*=st-key-card_]").nth(place).get_by_role("link", name="Open").click()
    expect(page.locator(".es-match")).to_be_visible()
    expect(page.locator(".es-card")).to_have_count(0)


def open_match(page, spotify):
    """The page of somebody one is not connected with."""
    open_nth(page, 4)


def open_connected(page, spotify):
    """The page of somebody one is connected with, with all there is to unfold."""
    open_nth(page, 0)
    if page.get_by_role("button", name="Ask to connect").count():
        page.get_by_role("button", name="Ask to connect").click()
    expect(page.locator(".es-waterfall")).to_be_visible()
    page.get_by_role("button", name="Make a playlist for both").click()
    expect(page.locator(".es-joint")).to_be_visible()
    page.get_by_role("button", name="Draw the card").click()
    expect(page.locator(".es-share")).to_be_visible(timeout=60_000)


def nobody_there(page, spotify):
    expect(page.get_by_role("link", name="Back to your matches")).to_be_visible()


def all_charts(page, spotify):
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    page.goto("about:blank")
    page.set_content(gallery.page(scheme))


def a_slow_reading(page, spotify):
    """Somebody who has never been read, at a Spotify that answers slowly."""
    from tests.e2e.conftest import sign_in

    spotify.post("/_emulator/faults", kind="slow", path="/v1/", times=60, retry_after=2)
    page.context.clear_cookies()
    page.reload()
    sign_in(page, next(NEWCOMERS))
    expect(page.get_by_text("Calls used").first).to_be_visible()


def a_group(page, spotify=None):
    """On the screen of groups: connect until there is a group, where that was not done before."""
    ask, group = page.get_by_role("button", name="Ask to connect"), page.locator(".es-joint")
    while True:
        expect(page.locator(".es-foot")).to_be_visible()
        expect(group.or_(ask).first).to_be_visible()
        if group.count():
            return
        n_before = ask.count()
        ask.first.click()
        expect(ask).not_to_have_count(n_before)


NEWCOMERS = iter(f"syn-{n:04}" for n in range(220, 290))

SCREENS = (
    Screen("landing", "/", ".es-hero", signed_in=False),
    Screen("reading", "/", ".es-card", prepare=a_slow_reading),
    Screen("matches", "/", ".es-card", prepare=filters_there),
    Screen("match", "/", ".es-card", prepare=open_match),
    Screen("match-connected", "/", ".es-card", prepare=open_connected),
    Screen("match-not-there", "/match?listener=nobody", ".es-title", prepare=nobody_there),
    Screen("taste", "/taste", ".es-nearest"),
    Screen("privacy", "/privacy", ".es-state"),
    Screen("map", "/map", ".es-map"),
    Screen("groups", "/groups", ".es-title", prepare=a_group),
    Screen("charts", "/", ".es-hero", signed_in=False, prepare=all_charts),
)


def views(browser, stack, spotify, screen, state):
    """The screen at every width and in both schemes: (width, scheme, page), each page closed after its turn.

    `state` is what Playwright kept of a browser in which somebody is signed in.
    """
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                storage_state=state if screen.signed_in else None,
            )
            page = context.new_page()
            page.goto(stack.app_url + screen.path)
            expect(page.locator(screen.ready).first).to_be_visible(timeout=60_000)
            if screen.prepare:
                screen.prepare(page, spotify)
            page.wait_for_timeout(300)
            yield width, scheme, page
            spotify.delete("/_emulator/faults")
            context.close()


def signed_in_state(browser, stack):
    """What a browser keeps once LISTENER is signed in and has matches."""
    from tests.e2e.conftest import sign_in, wait_for_matches

    context = browser.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, LISTENER)
    wait_for_matches(page)
    state = context.storage_state()
    context.close()
    return state
