"""A panel with a heading, for what holds buttons and other controls."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from ui.html import markup


@contextmanager
def panel(key: str, heading: str, lead: str = "") -> Iterator[None]:
    """A box as wide as the page; `key` is its place, one word."""
    with st.container(key=f"panel_{key}"):
        more = f"<p>{markup.text(lead)}</p>" if lead else ""
        st.html(f'<header class="es-panel-head"><h2>{markup.text(heading)}</h2>{more}</header>')
        yield


def lines(every: Iterable[str]) -> str:
    """Lines of a panel, as HTML; empty where there are none."""
    rows = markup.joined(every)
    return f'<ul class="es-lines">{rows}</ul>' if rows else ""


def line(html: str, *controls: str) -> str:
    """A line of a panel, as HTML: what it is about, then its links and buttons."""
    return f'<li>{html}<div class="es-deeds">{markup.joined(controls)}</div></li>'
