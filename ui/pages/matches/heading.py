"""Heading of the list of matches: alias, evidence, and the refresh button."""

from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.browsing.service import Sight
from matcher.errors import EarshotError
from matcher.ports import Listener
from ui import clock, messages, texts
from ui.actions.outcome import refresh
from ui.html import draw, html, markup
from ui.pages.matches import words
from ui.request import Request
from ui.shared import glossary, notice
from ui.shared.card import disc

EVERY_S = 5.0


def show_profile(listener: Listener, found: Sight, of_facet: bool = False) -> None:
    """Draw alias, evidence and time of the last reading.

    `of_facet`: whether the evidence is of one facet.
    """
    basis = found.evidence
    evidence = texts.card.evidence(basis.n_tracks, basis.n_artists, basis.audio_coverage, of_facet)
    header = html(
        '<header class="es-me">{}<div><p class="es-eyebrow">{} {}</p><h1>{}</h1>'
        '<p class="es-evidence">{} {}</p>{}</div></header>',
        *(disc(listener.alias), words.YOU_ARE, markup.name(listener.alias)),
        *(words.MATCHES_TITLE, evidence, _read(found), glossary.of("matches")),
    )
    draw(header)


def _read(found: Sight) -> Markup:
    if found.synced_at_utc is None:
        return html("{}.", words.last_read(None))
    told = words.last_read(clock.here(found.synced_at_utc))
    return html('<time datetime="{}">{}.</time>', found.synced_at_utc.isoformat(), told)


def show_refresh(request: Request, again_at_utc: datetime | None) -> None:
    """Draw the refresh button, disabled with a time during the refresh interval; or the way to a file."""
    if not request.reads_service():
        draw(markup.link(texts.sync.BRING, notice.FILE, "es-button es-tall"), width="content")
    elif again_at_utc is None:
        st.button(texts.sync.REFRESH, key="refresh", on_click=partial(refresh, request))
    else:
        _rest(request)


@st.fragment(run_every=EVERY_S)
def _rest(request: Request) -> None:
    try:
        again_at = request.dates().refresh_at_utc
    except EarshotError:  # the next full run shows the error
        return
    if again_at is None:
        st.rerun()
    else:
        st.button(_label(again_at), key="refresh_later", disabled=True)


def _label(again_at: datetime) -> str:
    """Label with the time; with the day as well during a long cooldown."""
    is_far = again_at - datetime.now(UTC) > timedelta(hours=12)
    pattern = texts.sync.REFRESH_ON if is_far else texts.sync.REFRESH_LATER
    return texts.grammar.at(pattern, clock.here(messages.whole_minute(again_at)))
