"""Screens: views for signed-in listeners, each with its own URL."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from matcher.domain.digests import digest_of
from ui.html import run_script
from ui.request import Request
from ui.texts import heard

_HERE = "here"
_LEFT = "left"
_LONGEST = 1000
"""Longest remembered value of a query parameter, which is untrusted."""
_TO_THE_TOP = "document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0)"
_FOLDER = Path(__file__).resolve().parent
_PAGE = "\n".join((_FOLDER / name).read_text("utf-8") for name in ("page.js", "charts/zoom.js"))
_TEXTS = json.dumps({"player": heard.PLAYER, "note": heard.NOTE, "close": heard.CLOSE})
_HEARD = (_FOLDER / "hear_and_send.js").read_text("utf-8").replace('"TEXTS"', _TEXTS)
SCRIPTS = (_TO_THE_TOP, _PAGE, _HEARD)
"""Our scripts, beside controls.js; they never contain user data."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen for signed-in listeners.

    Attributes:
        path: one word; "" for the first screen.
        title: name in the bar and of the browser tab.
        show: loads data, then draws; errors while loading replace the screen.
        in_bar: whether the bar links to it.
        keeps: query parameters that links back restore, such as filters.
        counts_news: whether its link in the bar counts requests and agreements.
    """

    path: str
    title: str
    show: Callable[[Request], None]
    in_bar: bool = True
    keeps: tuple[str, ...] = ()
    counts_news: bool = False


def current(screens: Sequence[Screen]) -> Screen:
    """The screen of the URL; the first one for an unknown URL."""
    page = st.navigation([_page(one.path, one.title) for one in screens], position="hidden")
    return next(one for one in screens if one.path == page.url_path)


def remember(here: Screen) -> None:
    """Remember the query of a screen, for `as_left`."""
    if here.keeps:
        carried = ((name, argument(name)) for name in here.keeps if name in st.query_params)
        kept = {name: value for name, value in carried if len(value) <= _LONGEST}
        leave(here.path, kept)


def leave(path: str, query: Mapping[str, str]) -> None:
    """Remember this query of a screen, for `as_left`."""
    st.session_state[_LEFT] = {**st.session_state.get(_LEFT, {}), path: query}


def as_left(path: str) -> Mapping[str, str]:
    """The last query of a screen in this tab, for links back."""
    left: Mapping[str, Mapping[str, str]] = st.session_state.get(_LEFT, {})
    return left.get(path, {})


def address(path: str, **query: str) -> str:
    """URL of a screen; such links open without a page load (see page.js)."""
    return f"/{path}?{urlencode(query, safe=',')}" if query else f"/{path}"


def argument(name: str) -> str:
    """Value of a query parameter, or ""; untrusted."""
    return st.query_params.get(name, "")


def number_of(here: Screen) -> int:
    """Number that identifies a screen's content, without names."""
    return digest_of("screen", f"{here.path}?{argument('listener')}")


def begin_at_the_top(what: int, page: str) -> None:
    """Scroll to the top on new content, because Streamlit keeps the scroll position.

    `what` identifies the content, as in `number_of`; `page` is of a list.
    """
    number = digest_of("screen", f"{what} {page}")
    with st.container(key="top"):
        # opens links without a page load, keeps the focus when what has it is replaced, and zooms maps
        run_script(_PAGE)
        run_script(_HEARD)
        if st.session_state.get(_HERE, number) != number:
            run_script(_TO_THE_TOP)
    st.session_state[_HERE] = number


def _page(path: str, title: str) -> "st.Page":
    return st.Page(_drawn_by_main, title=title, url_path=path, default=not path)


def _drawn_by_main() -> None:
    """Do nothing when Streamlit runs it; `main` draws the screen."""
