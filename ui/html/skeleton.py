"""What stands where a screen will be, while it is opened."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from markupsafe import Markup

from ui import texts
from ui.html import draw, html

_SHOWN = "screen_shown"


@contextmanager
def until_drawn(what: int) -> Iterator[None]:
    """What is drawn inside goes into the screen's place; grey shapes stand in its stead until it is complete.

    They appear only where one comes to another screen, after a moment (see ui/style): until then, and in
    every later run, what is on the page stays until it is replaced. On a page that was just loaded they stay
    until the browser has all the code that draws the screen.

    Args:
        what: a number that tells what is shown.
    """
    state = st.session_state
    waiting, body = st.empty(), st.container(key="screen")
    fresh = _SHOWN not in state
    if state.get(_SHOWN) != what:
        draw(_shapes("es-fresh" if fresh else "es-next"), place=waiting)
    with body:
        yield
    if fresh:
        draw(_shapes("es-code"), place=waiting)
    else:
        waiting.empty()
    state[_SHOWN] = what


def _shapes(css: str) -> Markup:
    """A heading and three cards without content."""
    told = html('<span class="es-aloud">{}</span>', texts.frame.LOADING)
    return html('<div class="es-skeleton {}" role="status">{}<i></i><i></i><i></i><i></i></div>', css, told)
