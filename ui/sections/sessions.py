"""Privacy: the browsers in which one is signed in."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ui import clock, decisions, markup
from ui.decisions import privacy as deeds
from ui.sections.panel import panel, row
from ui.texts import privacy as words
from ui.texts.grammar import at
from ui.visit import Visit
from wiring.sessions import SignedIn

_PLACE = "sessions"


def show(visit: Visit, signed_in: Sequence[SignedIn]) -> None:
    """A line for each browser with the way to sign out there, and the way to end all of them."""
    with panel(_PLACE, words.SESSIONS, words.SESSIONS_LEAD):
        decisions.tell(visit, decisions.take(_PLACE))
        for n, one in enumerate(signed_in):
            with row(f"session_{n}", _line(one)):
                _way_out(visit, n, one)
        everywhere = markup.link(words.END_ALL, visit.sign_out_everywhere_path, "es-button es-tall")
        st.html(f'<p class="es-links">{everywhere}</p>')


def _way_out(visit: Visit, n: int, session: SignedIn) -> None:
    """This browser is left by a plain navigation, which takes its cookie away as well."""
    if session.is_here:
        st.html(markup.link(words.SIGN_OUT_HERE, visit.sign_out_path, "es-button es-tall"), width="content")
        return
    end = partial(_end, visit, session.key)
    st.button(words.SIGN_OUT_THERE, key=f"sign_out_there_{n}", on_click=end)


def _end(visit: Visit, key: str) -> None:
    decisions.act(visit.application, _PLACE, lambda now: deeds.sign_out_there(now, key))


def _line(session: SignedIn) -> str:
    where = words.SESSION_HERE if session.is_here else words.SESSION_THERE
    told = at(words.SIGNED_IN, clock.here(session.begun_at_utc))
    if session.seen_at_utc is not None and not session.is_here:
        told = f"{told}, {at(words.SEEN, clock.here(session.seen_at_utc))}"
    return f'<div class="es-entry"><b>{markup.text(where)}</b><small>{markup.text(told)}</small></div>'
