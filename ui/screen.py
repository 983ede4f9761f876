"""A screen: a view of the signed-in, with an address of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from matcher.domain.digests import digest_of
from ui.html import run_script
from ui.request import Request

_HERE = "here"
_LEFT = "left"
_LONGEST = 1000
"""Letters of what is remembered of an address: anybody may have typed it."""
_TO_THE_TOP = "document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0)"
_PAGE = (Path(__file__).resolve().parent / "page.js").read_text("utf-8")
SCRIPTS = (_TO_THE_TOP, _PAGE)
"""The scripts of ours, beside controls.js; nothing of anybody's is ever put into them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the signed-in.

    Attributes:
        path: its address, one word; empty for the first screen.
        title: its name in the bar and in the browser's tab.
        show: asks for what it needs, then draws it; what it raises while asking is told in its place.
        in_bar: whether the bar leads there; a screen that is opened from another one is not in it.
        keeps: names of what its address carries that links back to it bring along, such as filters.
    """

    path: str
    title: str
    show: Callable[[Request], None]
    in_bar: bool = True
    keeps: tuple[str, ...] = ()


def current(screens: Sequence[Screen]) -> Screen:
    """The screen whose address the browser shows; the first one for an address that is none's."""
    page = st.navigation([_page(one.path, one.title) for one in screens], position="hidden")
    return next(one for one in screens if one.path == page.url_path)


def remember(here: Screen) -> None:
    """Remember how a screen is left, for `as_left`."""
    if here.keeps:
        carried = ((name, argument(name)) for name in here.keeps if name in st.query_params)
        kept = {name: value for name, value in carried if len(value) <= _LONGEST}
        leave(here.path, kept)


def leave(path: str, query: Mapping[str, str]) -> None:
    """Remember what the address of a screen carries, for `as_left`."""
    st.session_state[_LEFT] = {**st.session_state.get(_LEFT, {}), path: query}


def as_left(path: str) -> Mapping[str, str]:
    """What the address of a screen carried when this tab was last there: the query of a link back."""
    left: Mapping[str, Mapping[str, str]] = st.session_state.get(_LEFT, {})
    return left.get(path, {})


def address(path: str, **query: str) -> str:
    """The address of a screen, for links: they open without loading the page anew (see page.js)."""
    return f"/{path}?{urlencode(query, safe=',')}" if query else f"/{path}"


def argument(name: str) -> str:
    """What the address carries under this name; empty if nothing. Anybody may have typed it."""
    return st.query_params.get(name, "")


def number_of(here: Screen) -> int:
    """What tells what a screen shows, whatever is chosen on it. A digest: nobody's name is in it."""
    return digest_of("screen", f"{here.path}?{argument('listener')}")


def begin_at_the_top(what: int, page: str) -> None:
    """Scroll up when a tab comes to something else: Streamlit stays where the page before was scrolled to.

    The script beside it lets links open without loading the page anew, and leads the focus to what took the
    place of a button.

    Args:
        what: tells what is shown, as `number_of` does.
        page: of a list.
    """
    number = digest_of("screen", f"{what} {page}")
    with st.container(key="top"):
        run_script(_PAGE)
        if st.session_state.get(_HERE, number) != number:
            run_script(_TO_THE_TOP)
    st.session_state[_HERE] = number


def _page(path: str, title: str) -> "st.Page":
    return st.Page(_drawn_by_main, title=title, url_path=path, default=not path)


def _drawn_by_main() -> None:
    """Streamlit would run this; main draws the screen itself, after looking up who is asking."""
