"""Detects sessions ended elsewhere, so that open tabs are emptied."""

from contextlib import suppress

import streamlit as st

from matcher.errors import EarshotError
from ui.request import Request

EVERY_S = 5.0


@st.fragment(run_every=EVERY_S)
def watch(request: Request) -> None:
    """Rerun the page once the session has ended; draws nothing."""
    with suppress(EarshotError):  # an unreachable database ends no session
        if not request.application.sessions.is_open(request.cookie, request.listener_id):
            st.rerun()
