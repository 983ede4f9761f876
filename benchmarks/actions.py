"""Actions on the pages, timed in the browser from the click to the drawn page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from benchmarks.plain_page import AGAIN
from ui import texts
from ui.pages.match import words as match_words
from ui.pages.matches import words as matches_words
from ui.pages.taste import words
from ui.screens import SCREENS

PATIENCE_MS = 60_000
_CLOCK = """([selector, least, text, patience]) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const state = () => app.getAttribute('data-test-script-state');
  const there = () => [...document.querySelectorAll(selector)]
    .filter(one => one.textContent.includes(text)).length >= least;
  let begun = null, ran = !there();
  const begin = () => { begun ??= performance.now(); };
  for (const kind of ['click', 'change']) addEventListener(kind, begin, {capture: true, once: true});
  const watcher = new MutationObserver(() => { ran ||= begun !== null && state() !== 'notRunning'; });
  watcher.observe(app, {attributes: true});
  window.earshotDrawn = new Promise((resolve, reject) => {
    const look = () => {
      if (begun !== null && performance.now() - begun > patience) return reject('not drawn in time');
      const ended = ran && begun !== null && state() === 'notRunning';
      if (!(ended && there())) return requestAnimationFrame(look);
      watcher.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - begun));
    };
    requestAnimationFrame(look);
  });
}"""
"""From the click, or the choice from a menu, until no run goes on, what is expected is there, and a frame is
painted. Where it was there before, a run must have been seen: else it is enough that it came: a quick run may
go by unseen."""
_UNFOLD = "one => one.closest('details')?.setAttribute('open', '')"
"""Filters are folded; to unfold them is the browser's alone."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is there once a page is drawn, and was not there before.

    Attributes:
        selector: CSS.
        least: how many of it at least.
        text: what each of them holds.
    """

    selector: str
    least: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to click.

    Attributes:
        name: what it is called in the report; empty for what only leads to the next one.
        target: finds what is to be clicked, or the menu that is to be chosen from; not part of the time.
        expected: what comes of it.
        choice: the place of what is to be chosen from a menu; None to click.
    """

    name: str
    target: Callable[[Page], Locator]
    expected: Expected
    choice: int | None = None


def timed_ms(page: Page, action: Action) -> float:
    """Do it; milliseconds from the click, or the choice, to the page drawn to its end.

    Raises:
        playwright.sync_api.Error: what is to be clicked is not there, or what is expected does not come.
    """
    page.set_default_timeout(PATIENCE_MS)
    target = action.target(page)
    target.evaluate(_UNFOLD)
    target.scroll_into_view_if_needed()
    expected = action.expected
    page.evaluate(_CLOCK, [expected.selector, expected.least, expected.text, PATIENCE_MS])
    if action.choice is None:
        target.click()
    else:
        target.select_option(index=action.choice)
    return float(page.evaluate("window.earshotDrawn"))


def round_of_all(place: int) -> Iterator[Action]:
    """Every action once, starting on the matches; two of them must be connected.

    Args:
        place: which of the matches is opened, from 0.
    """
    look = _CARDS
    yield Action("privacy", _to("privacy"), Expected(".es-state"))
    yield Action("matches", _to(""), look)
    yield Action("filter by a tag", _menu("tag"), _NARROWED, choice=1)
    yield Action("", _menu("tag"), look, choice=0)
    yield Action("sort", _menu("order"), _NARROWED, choice=1)
    yield Action("", _menu("order"), look, choice=0)
    yield Action("match on a side of my taste", _chip(1), Expected(_CHOSEN, text="%"))
    yield Action("", _chip(0), Expected(_CHOSEN, text=matches_words.ALL_OF_ME))
    yield Action("open a match", _open(place, connected=False), _MATCH)
    yield Action("share card", _button(match_words.DRAW), Expected(".es-share"))
    yield Action("", _to(""), look)
    yield Action("open a connected match", _open(place % 2, connected=True), Expected(".es-waterfall"))
    yield Action("my taste", _to("taste"), Expected(".es-nearest li", 10))
    yield Action("leave out", _button(words.LEAVE), Expected("b, p", text=words.NOW_OUT))
    yield Action("undo", _button(words.UNDO), Expected("b, p", text=words.BACK_IN))
    yield Action("map", _to("map"), Expected(".es-map"))
    yield Action("groups", _to("groups"), Expected(".es-joint"))
    yield Action("", _to(""), look)
    yield Action("next page", _button(matches_words.AFTER), Expected(".es-rank", text="11"))


def draw_again(n: int) -> Action:
    """Redraw a plain page (see plain_page.py); `n` is the number of draws after it."""
    return Action("again", _button(AGAIN), Expected("p", text=f"round {n}"))


_CARDS = Expected(".es-card", 10)
_CHOSEN = ".es-sides [aria-pressed=true]"
_MATCH = Expected(".es-match")
_NARROWED = Expected(".es-more", text=matches_words.LOOKED_THROUGH.partition("{")[0])


def _to(path: str) -> Callable[[Page], Locator]:
    title = next(one.title for one in SCREENS if one.path == path)
    return lambda page: page.locator(".es-screens").get_by_role("link", name=title, exact=True)


def _button(label: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("button", name=label, exact=True).first


def _chip(place: int) -> Callable[[Page], Locator]:
    """The nth chip of what to match on, of which the first is for all of me."""
    return lambda page: page.locator(".es-sides button").nth(place)


def _menu(key: str) -> Callable[[Page], Locator]:
    return lambda page: page.locator(f"select[data-menu={key}]")


def _open(place: int, connected: bool) -> Callable[[Page], Locator]:
    """Link to the nth of the connected matches, or of the others."""

    def link(page: Page) -> Locator:
        label = re.compile(texts.card.RELATIONS["connected"][0])
        mark = page.locator(".es-labels, .es-facts").filter(has_text=label)
        cards = page.locator(".es-card")
        which = cards.filter(has=mark) if connected else cards.filter(has_not=mark)
        return which.nth(place).get_by_role("link", name=texts.card.OPEN)

    return link
