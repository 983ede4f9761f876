"""The top bar, drawn anew every few seconds: what is new, and sessions that ended elsewhere."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from matcher.errors import EarshotError
from ui.html import draw
from ui.request import Request
from ui.screen import Screen
from ui.shared import frame

EVERY_S = 5.0


@st.fragment(run_every=EVERY_S)
def show(request: Request, screens: Sequence[Screen], here: Screen) -> None:
    """Draw the bar; rerun the page once the session has ended, so that open tabs are emptied."""
    n_news = 0
    with suppress(EarshotError):  # an unreachable database ends no session
        if not request.application.sessions.is_open(request.cookie, request.listener_id):
            st.rerun()
        n_news = request.application.people.n_news(request.listener_id)
    demo = request.application.settings.demo
    draw(frame.top_bar(demo, request.sign_out_path, screens, here, n_news))
