"""Every screen of which pictures are taken, and which axe-core looks at. A new one is a line in SCREENS."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e import states
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


def all_charts(page, spotify):
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    page.goto("about:blank")
    page.set_content(gallery.page(scheme))


SCREENS = (
    Screen("landing", "/", ".es-hero", signed_in=False),
    Screen("landing-declined", "/?problem=AccessDenied", ".es-notice", signed_in=False),
    Screen("reading", "/", ".es-card", prepare=states.a_slow_reading),
    Screen("reading-first-matches", "/", ".es-card", prepare=states.first_matches),
    Screen("reading-failed", "/", ".es-card", prepare=states.a_failed_reading),
    Screen("reading-stopped", "/", ".es-card", prepare=states.a_stopped_reading),
    Screen("reading-no-music", "/", ".es-card", prepare=states.no_music),
    Screen("matches", "/", ".es-card", prepare=states.filters_there),
    Screen("matches-narrowed", "/", ".es-card", prepare=states.narrowed),
    Screen("matches-asked", "/", ".es-card", prepare=states.asked_whether_to_block),
    Screen("matches-request", "/", ".es-card", prepare=states.asked_while_hidden),
    Screen("match", "/", ".es-card", prepare=states.open_match),
    Screen("match-connected", "/", ".es-card", prepare=states.open_connected),
    Screen("match-asked", "/", ".es-card", prepare=states.asked_whether_to_disconnect),
    Screen("match-not-there", "/match?listener=nobody", ".es-title", prepare=states.nobody_there),
    Screen("taste", "/taste", ".es-nearest"),
    Screen("taste-left-out", "/taste", ".es-nearest", prepare=states.something_left_out),
    Screen("privacy", "/privacy", ".es-state"),
    Screen("privacy-asked", "/", ".es-card", prepare=states.everything_asked),
    Screen("receipt", "/", ".es-card", prepare=states.a_receipt),
    Screen("map", "/map", ".es-map"),
    Screen("groups-few", "/", ".es-card", prepare=states.nobody_connected),
    Screen("groups", "/groups", ".es-title", prepare=states.a_group),
    Screen("charts", "/", ".es-hero", signed_in=False, prepare=all_charts),
)


def views(browser, stack, spotify, screen, state, sizes=WIDTHS, schemes=SCHEMES):
    """The screen at every width and in both schemes: (width, scheme, page), each page closed after its turn.

    `state` is what Playwright kept of a browser in which somebody is signed in.
    """
    for width, height in sizes.items():
        for scheme in schemes:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                storage_state=state if screen.signed_in else None,
            )
            try:
                page = context.new_page()
                page.goto(stack.app_url + screen.path)
                expect(page.locator(screen.ready).first).to_be_visible(timeout=60_000)
                if screen.prepare:
                    screen.prepare(page, spotify)
                page.wait_for_timeout(300)
                yield width, scheme, page
            finally:
                spotify.delete("/_emulator/faults")
                context.close()


def signed_in_state(browser, stack, listener=LISTENER, then=lambda page: None):
    """What a browser keeps once a listener is signed in and has matches, and `then` was done on the page."""
    from tests.e2e.conftest import sign_in, wait_for_matches

    context = browser.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, listener)
    wait_for_matches(page)
    then(page)
    state = context.storage_state()
    context.close()
    return state
