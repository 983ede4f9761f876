"""Who I am here, and on what my matches rest."""

import streamlit as st

from matcher.browsing.service import Sight
from matcher.ports import Listener
from ui import clock, texts
from ui.html import markup
from ui.pages.matches import words as matches_words
from ui.shared import glossary
from ui.shared.card import disc


def show(listener: Listener, found: Sight, of_side: bool = False) -> None:
    """My alias, the evidence behind my profile, and when it was read.

    `of_side` is whether one side of the profile was asked with: then the evidence is that side's.
    """
    basis = found.evidence
    evidence = texts.card.evidence(basis.n_tracks, basis.n_artists, basis.audio_coverage, of_side)
    me = f"{markup.text(matches_words.YOU_ARE)} {markup.name(listener.alias)}"
    st.html(
        f'<header class="es-me">{disc(listener.alias)}<div><p class="es-eyebrow">{me}</p>'
        f"<h1>{markup.text(matches_words.MATCHES_TITLE)}</h1>"
        f'<p class="es-evidence">{markup.text(evidence)} {_read(found)}</p>'
        f"{glossary.of('matches')}</div></header>"
    )


def _read(found: Sight) -> str:
    told = markup.text(
        matches_words.last_read(clock.here(found.synced_at_utc) if found.synced_at_utc else None)
    )
    if found.synced_at_utc is None:
        return f"{told}."
    return f'<time datetime="{found.synced_at_utc.isoformat()}">{told}.</time>'
