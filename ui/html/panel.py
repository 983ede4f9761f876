"""A panel with a heading, for what holds buttons and other controls."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st
from markupsafe import Markup

from ui.html import EMPTY, draw, html, joined


@contextmanager
def panel(key: str, heading: str, lead: str = "") -> Iterator[None]:
    """A box as wide as the page; `key` is its place, one word."""
    with st.container(key=f"panel_{key}"):
        more = html("<p>{}</p>", lead) if lead else ""
        draw(html('<header class="es-panel-head"><h2>{}</h2>{}</header>', heading, more))
        yield


def lines(every: Iterable[str]) -> Markup:
    """Lines of a panel, as HTML; empty where there are none."""
    rows = joined(every)
    return html('<ul class="es-lines">{}</ul>', rows) if rows else EMPTY


def line(about: Markup, *controls: Markup) -> Markup:
    """A line of a panel, as HTML: what it is about, then its links and buttons."""
    return html('<li>{}<div class="es-deeds">{}</div></li>', about, joined(controls))
