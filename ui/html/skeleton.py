"""Placeholder shapes while a screen loads."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from markupsafe import Markup

from ui import texts
from ui.html import draw, html

_SHOWN = "screen_shown"


@contextmanager
def until_drawn(what: int) -> Iterator[None]:
    """Draw the content into the screen's place; placeholders are shown until complete.

    Placeholders appear on a change of screen, after a moment (see ui/style). Until then, and in later runs,
    the old content stays. After a page load they stay until the browser has all code to draw the screen.

    Args:
        what: number that identifies the screen's content.
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
    told = html('<span class="es-aloud">{}</span>', texts.frame.LOADING)
    return html('<div class="es-skeleton {}" role="status">{}<i></i><i></i><i></i><i></i></div>', css, told)
