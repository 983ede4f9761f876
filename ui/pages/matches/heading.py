"""Head of the list of matches: who one is, and the refresh button; at the end, what the list rests on."""

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


def show_me(listener: Listener) -> None:
    """Draw the title, and the alias of the viewer."""
    header = '<header class="es-me es-near">{}<div><p class="es-eyebrow">{} {}</p><h1>{}</h1></div></header>'
    alias = markup.name(listener.alias)
    draw(html(header, disc(listener.alias), words.YOU_ARE, alias, words.LISTENERS))


def basis(found: Sight, of_facet: bool = False) -> Markup:
    """Evidence, time of the last reading, and the glossary.

    `of_facet`: whether the evidence is of one facet.
    """
    rests = found.evidence
    evidence = texts.card.evidence(rests.n_tracks, rests.n_artists, rests.audio_coverage, of_facet)
    basis = '<section class="es-basis"><p class="es-evidence">{} {}</p>{}</section>'
    return html(basis, evidence, _read(found), glossary.of("matches"))


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
