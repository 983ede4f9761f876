"""A panel with a heading, for what holds buttons and other controls."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui import markup


@contextmanager
def panel(key: str, heading: str, lead: str = "") -> Iterator[None]:
    """A box as wide as the page; `key` is its place, one word."""
    with st.container(key=f"panel_{key}"):
        more = f"<p>{markup.text(lead)}</p>" if lead else ""
        st.html(f'<header class="es-panel-head"><h2>{markup.text(heading)}</h2>{more}</header>')
        yield


@contextmanager
def row(key: str, html: str) -> Iterator[None]:
    """A line of a panel: some HTML on the left, controls on the right."""
    with st.container(key=f"row_{key}", horizontal=True, vertical_alignment="center"):
        st.html(html, width="stretch")
        yield
