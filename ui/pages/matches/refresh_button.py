"""The button that reads the library again, or until when it rests."""

from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from matcher.errors import EarshotError
from ui import clock, messages, texts
from ui.request import Request, refresh

EVERY_S = 5.0


def show(request: Request, again_at_utc: datetime | None) -> None:
    """The button; while the library may not be read again, it rests and says until when."""
    if again_at_utc is None:
        st.button(texts.sync.REFRESH, key="refresh", on_click=partial(refresh, request.application))
    else:
        _rest(request)


@st.fragment(run_every=EVERY_S)
def _rest(request: Request) -> None:
    try:
        again_at = request.dates().refresh_at_utc
    except EarshotError:  # the next whole run says so; until then it rests on
        return
    if again_at is None:
        st.rerun()
    else:
        st.button(_label(again_at), key="refresh_later", disabled=True)


def _label(again_at: datetime) -> str:
    """The time alone where that is soon; with the day where a pause of Spotify's lasts longer."""
    is_far = again_at - datetime.now(UTC) > timedelta(hours=12)
    pattern = texts.sync.REFRESH_ON if is_far else texts.sync.REFRESH_LATER
    return texts.grammar.at(pattern, clock.here(messages.whole_minute(again_at)))
