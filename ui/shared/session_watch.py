"""Notices that a session ended elsewhere, so that a tab left open shows nothing any more."""

from contextlib import suppress

import streamlit as st

from matcher.errors import EarshotError
from ui.request import Request

EVERY_S = 5.0


@st.fragment(run_every=EVERY_S)
def watch(request: Request) -> None:
    """Make the page anew once the session has ended: one look at one row, and nothing is drawn."""
    with suppress(EarshotError):  # a database that is away ends no session
        if not request.application.sessions.is_open(request.cookie, request.listener_id):
            st.rerun()
