"""My taste: what was read of my listening, and how it sounds."""

import streamlit as st

from matcher.profile import ListenerProfile
from ui import charts, markup, texts
from ui.charts import audio
from ui.components import picture
from ui.texts.grammar import percent
from ui.visit import Visit

N_ARTISTS = 24
words = texts.taste


def show(visit: Visit) -> None:
    """Draw the screen.

    Raises:
        NotSynced: nothing was read yet.
        StorageUnreachable: the database does not answer.
    """
    profile = visit.profile()
    evidence = profile.evidence
    told = texts.matches.evidence(evidence.n_tracks, evidence.n_artists, evidence.audio_coverage)
    st.html(
        f'<header class="es-title"><h1>{markup.text(words.TITLE)}</h1><p>{markup.text(words.LEAD)}</p>'
        f'<p class="es-evidence">{markup.text(told)}</p></header>'
    )
    _sound(profile)
    with st.container(key="pair_time", horizontal=True):
        picture.show(charts.bars(words.DECADES, _decades(profile)))
        st.html(_read(profile))
    st.html(_artists(profile))


def _sound(profile: ListenerProfile) -> None:
    if profile.audio is None:
        st.html(f'<p class="es-told">{markup.text(words.NO_AUDIO)}</p>')
        return
    with st.container(key="pair_sound", horizontal=True):
        picture.show(charts.radar(words.SOUND, audio.axes(), [audio.outline("", profile.audio)]))
        picture.show(charts.spread(words.SPREAD, audio.spreads(profile.audio)))


def _decades(profile: ListenerProfile) -> list[charts.Bar]:
    """A column for every decade from the first to the last, so that gaps are seen."""
    shares = profile.decades
    years = range(min(shares), max(shares) + 10, 10) if shares else range(0)
    return [_decade(year, shares.get(year, 0.0)) for year in years]


def _decade(year: int, share: float) -> charts.Bar:
    tip = words.DECADE_TIP.format(decade=year, share=percent(share))
    return charts.Bar(words.DECADE.format(decade=year), share, tip)


def _read(profile: ListenerProfile) -> str:
    rows = markup.joined(
        f"<li><span>{markup.text(texts.sync.STEPS.get(part, texts.sync.STEP_OTHER))}</span>"
        f"<span>{markup.text(words.PARTS[status])}</span></li>"
        for part, status in profile.parts.items()
    )
    heading = f"<h2>{markup.text(words.READ)}</h2>"
    return f'<section class="es-panel">{heading}<ul class="es-rows">{rows}</ul></section>'


def _artists(profile: ListenerProfile) -> str:
    keys = sorted(profile.artists, key=lambda key: (-profile.artists[key], key))[:N_ARTISTS]
    chips = markup.joined(f"<li>{markup.name(profile.names.get(key, key))}</li>" for key in keys)
    heading = f"<h2>{markup.text(words.ARTISTS)}</h2>"
    return f'<section class="es-panel">{heading}<ul class="es-chips">{chips}</ul></section>'
