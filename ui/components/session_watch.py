"""Notices that a session ended elsewhere, so that a tab left open shows nothing any more."""

from contextlib import suppress

import streamlit as st

from matcher.errors import EarshotError
from ui.visit import Visit

EVERY_S = 5.0


@st.fragment(run_every=EVERY_S)
def watch(visit: Visit) -> None:
    """Make the page anew once the session has ended: one look at one row, and nothing is drawn."""
    with suppress(EarshotError):  # a database that is away ends no session
        if not visit.is_open():
            st.rerun()
