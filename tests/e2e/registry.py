"""Every screen of which pictures are taken, and which axe-core looks at. A new one is a line in SCREENS."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from harness.pages import sign_in, wait_for_matches, wait_until_drawn
from tests.e2e import states
from tests.ui.charts import gallery

WIDTHS = {1440: 900, 390: 844}
"""Heights by width, in pixels."""
SCHEMES = ("light", "dark")
LISTENER = "syn-0042"
FOLLOWS = """(scheme) => {
  const app = document.querySelector('[data-testid=stApp]');
  const moves = (one) => one.playState !== 'finished' && one.effect.target.checkVisibility();
  const follows = !app || getComputedStyle(app).colorScheme === scheme;
  return follows && !document.getAnimations().some((one) => one instanceof CSSTransition && moves(one));
}"""
"""Whether Streamlit has turned to this scheme, and no colour that is seen is still on its way."""
ALL_DRAWN = "* { content-visibility: visible !important; }"
"""A browser puts off what is out of sight, as cards far below: they keep the colours of before."""
WORDS = "(document.querySelector('[data-testid=stMain]') ?? document.body).textContent"
"""All that is written on the screen, also where it is folded away."""

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
        prepare: what to do after it is ready, if anything; once for all widths and schemes.
        moving: whether it changes while one looks; it is then one thing that it shows in every view.
    """

    name: str
    path: str
    ready: str
    signed_in: bool = True
    prepare: Prepare | None = None
    moving: str | None = None


def all_charts(page, spotify):
    page.goto("about:blank")
    page.set_content(gallery.page("light dark"))


SCREENS = (
    Screen("landing", "/", ".es-hero", signed_in=False),
    Screen("landing-waits", "/?problem=SignInWaits", ".es-notice", signed_in=False),
    Screen("landing-declined", "/?problem=AccessDenied", ".es-notice", signed_in=False),
    Screen("file", "/file", ".es-alone", signed_in=False),
    Screen("file-refused", "/file?problem=FileTooLarge", ".es-notice", signed_in=False),
    Screen(
        "file-sending",
        "/file",
        ".es-alone",
        signed_in=False,
        prepare=states.a_slow_upload,
        moving="On its way",
    ),
    Screen("pick", "/pick", ".es-pick", signed_in=False),
    Screen("pick-five", "/pick", ".es-pick", signed_in=False, prepare=states.five_picked),
    Screen("key", "/key", ".es-alone", signed_in=False),
    Screen("reading", "/", ".es-card", prepare=states.a_slow_reading, moving="Calls used"),
    Screen(
        "reading-first-matches",
        "/",
        ".es-card",
        prepare=states.first_matches,
        moving="First matches, still reading",
    ),
    Screen("reading-failed", "/", ".es-card", prepare=states.a_failed_reading),
    Screen("reading-stopped", "/", ".es-card", prepare=states.a_stopped_reading),
    Screen("reading-no-music", "/", ".es-card", prepare=states.no_music),
    Screen("matches", "/", ".es-card", prepare=states.facets_there),
    Screen("matches-narrowed", "/", ".es-card", prepare=states.narrowed),
    Screen("matches-asked", "/", ".es-card", prepare=states.asked_whether_to_block),
    Screen("matches-request", "/", ".es-card", prepare=states.asked_while_hidden),
    Screen("match", "/", ".es-card", prepare=states.open_match),
    Screen("match-connected", "/", ".es-card", prepare=states.open_connected),
    Screen("match-asked", "/", ".es-card", prepare=states.asked_whether_to_disconnect),
    Screen("match-not-there", "/match?listener=nobody", ".es-title", prepare=states.nobody_there),
    Screen("story", "/story", ".es-story"),
    Screen("taste", "/taste", ".es-nearest"),
    Screen("taste-left-out", "/taste", ".es-nearest", prepare=states.something_left_out),
    Screen("people", "/", ".es-card", prepare=states.a_connection_and_a_block),
    Screen("privacy", "/privacy", ".es-state"),
    Screen("privacy-asked", "/", ".es-card", prepare=states.everything_asked),
    Screen("spotify-asked", "/", ".es-hero", signed_in=False, prepare=states.asked_about_spotify),
    Screen("privacy-connected", "/", ".es-hero", signed_in=False, prepare=states.spotify_connected),
    Screen("receipt", "/", ".es-card", prepare=states.a_receipt),
    Screen("map", "/map", ".es-map"),
    Screen("groups-few", "/", ".es-card", prepare=states.nobody_connected),
    Screen("groups", "/groups", ".es-title", prepare=states.a_group),
    Screen("charts", "/", ".es-hero", signed_in=False, prepare=all_charts),
)


def views(browser, stack, spotify, screen, state, sizes=WIDTHS, schemes=SCHEMES):
    """The screen at every width and in both schemes: (width, scheme, page), all of them the same page.

    It is drawn once, as widths and schemes are followed without a load; test_screens.py sees to that.
    `state` is what Playwright kept of a browser in which somebody is signed in.
    """
    width, height = next(iter(sizes.items()))
    size, kept = {"width": width, "height": height}, state if screen.signed_in else None
    context = browser.new_context(viewport=size, reduced_motion="reduce", storage_state=kept)
    try:
        page = draw(context, stack, spotify, screen, schemes[0])
        words = page.evaluate(WORDS)
        for width, height in sizes.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in schemes:
                switch(page, scheme)
                wait_for_words(page, screen, words)
                yield width, scheme, page
    finally:
        spotify.delete("/_emulator/faults")
        context.close()


def draw(context, stack, spotify, screen, scheme):
    """The screen, brought about in a page of this browser."""
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(stack.app_url + screen.path)
    expect(page.locator(screen.ready).first).to_be_visible(timeout=60_000)
    if screen.prepare:
        screen.prepare(page, spotify)
    if screen.signed_in and not screen.moving:
        wait_until_drawn(page)
    page.add_style_tag(content=ALL_DRAWN)
    page.wait_for_timeout(300)
    return page


def switch(page, scheme):
    """Change to light or dark, and wait until everything that is seen has."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(FOLLOWS, arg=scheme)
    page.wait_for_timeout(300)
    page.wait_for_function(FOLLOWS, arg=scheme)


def wait_for_words(page, screen, words):
    """It is still the same screen: its words are those of the beginning, or what it goes on to show."""
    if screen.moving:
        expect(page.get_by_text(screen.moving).first).to_be_visible()
    else:
        page.wait_for_function(f"(words) => {WORDS} === words", arg=words)


def signed_in_state(browser, stack, listener=LISTENER, then=lambda page: None):
    """What a browser keeps once a listener is signed in and has matches, and `then` was done on the page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(stack.app_url)
    sign_in(page, listener)
    wait_for_matches(page)
    then(page)
    state = context.storage_state()
    context.close()
    return state
