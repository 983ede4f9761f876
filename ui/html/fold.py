"""A part of a page that unfolds: its heading is a button, beside it a line on how it stands (ui/page.js)."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui.html import EMPTY, draw, html

_HEAD = (
    '<div class="es-fold-head"><h2>'
    '<button type="button" class="es-fold" data-fold="{0}" aria-expanded="false" '
    'aria-describedby="es-state-{0}"{1}>'
    '{2}</button></h2><small id="es-state-{0}">{3}</small></div>'
)


@contextmanager
def fold(key: str, heading: str, state: str, lead: str = "", is_open: bool = False) -> Iterator[None]:
    """A panel that is folded, unless `is_open`, until its heading is pressed.

    Whatever is told or asked in it unfolds it. `key` is one word, unique on the page; `state` says in a few
    words how it stands.
    """
    with st.container(key=f"panel_{key}"):
        begin = html(" data-open-at-first") if is_open else EMPTY
        draw(html(_HEAD, key, begin, heading, state))
        if lead:
            draw(html('<p class="es-fold-lead">{}</p>', lead))
        yield
