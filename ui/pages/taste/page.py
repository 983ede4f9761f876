"""My taste: what was read of my listening, how it sounds, its sides, and what of it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.listening import Source
from matcher.domain.loops import Loop, find_loop
from matcher.domain.profile import ListenerProfile
from matcher.errors import NotSynced
from matcher.taste.facets import TasteFacet
from ui import charts, clock, texts
from ui.actions import outcome
from ui.charts import audio
from ui.html import markup, picture
from ui.pages.taste import actions as deeds
from ui.pages.taste import exclusions, facets, own_card, words
from ui.pages.taste.actions import Before
from ui.request import Request
from ui.shared import glossary
from ui.texts.grammar import percent

N_ARTISTS = 12


@dataclass(frozen=True, slots=True)
class _Library:
    """What only the library knows: sides, and what to choose from."""

    sides: Sequence[TasteFacet]
    choice: exclusions.Choice


def show(request: Request) -> None:
    """Draw the screen.

    Raises:
        NotSynced: nothing was read yet.
        StorageUnreachable: the database does not answer.
    """
    profile = request.profile()
    library = _library(request, profile)
    read_at = request.application.service.store.synced_at_utc(request.listener_id)
    demo = request.application.settings.demo
    st.html(_title(profile, read_at, demo))
    _loop(request, profile, library.choice.before if library else Before(profile.evidence, ()))
    _sound(profile)
    with st.container(key="pair_time", horizontal=True):
        picture.show(charts.bars(words.DECADES, _decades(profile)))
        st.html(_read(profile))
    st.html(_artists(profile, request.links()))
    own_card.show(request, profile)
    if library is None:
        outcome.tell(request, outcome.take(exclusions.PLACE))
        st.html(f'<p class="es-told">{markup.text(words.EXPIRED)}</p>')
        return
    facets.show(library.sides)
    exclusions.show(request, library.choice)


def _library(request: Request, profile: ListenerProfile) -> _Library | None:
    """What the library knows, or None where it is no longer kept."""
    tastes, key, kind = request.application.tastes, request.listener_id, exclusions.kind_looked_at()
    try:
        found = tastes.look(key, kind)
        near = request.nearest(deeds.N_NEAREST)
        choice = exclusions.Choice(kind, found.entries, found.left_out, near, profile.evidence)
        return _Library(found.facets, choice)
    except NotSynced:
        return None


def _title(profile: ListenerProfile, read_at: datetime | None, demo: bool) -> str:
    evidence = profile.evidence
    told = texts.card.evidence(evidence.n_tracks, evidence.n_artists, evidence.audio_coverage)
    local = demo and profile.source is Source.SPOTIFY_API
    source = words.LOCAL_SPOTIFY if local else words.SOURCES[profile.source]
    when = words.read_from(source, clock.here(read_at)) if read_at else ""
    return (
        f'<header class="es-title"><h1>{markup.text(words.TITLE)}</h1><p>{markup.text(words.LEAD)}</p>'
        f'<p class="es-evidence">{markup.text(told)} {markup.text(when)}</p>'
        f"{glossary.of('taste')}</header>"
    )


def _loop(request: Request, profile: ListenerProfile, before: Before) -> None:
    """Something that plays over and over: kindly told, with the offer to leave it out."""
    loop = find_loop(profile)
    if loop is None:
        return
    thing = Exclusion(Kind.TRACK if loop.kind == "tracks" else Kind.ARTIST, value_of(loop.key))
    with st.container(key="loop", horizontal=True, vertical_alignment="center"):
        st.html(_on_repeat(profile, loop))
        st.button(
            words.LOOP_LEAVE,
            key="leave_loop",
            on_click=exclusions.leave_out,
            args=(request.application, thing, before),
        )


def _on_repeat(profile: ListenerProfile, loop: Loop) -> str:
    name, told = profile.names.get(loop.key, loop.key), words.LOOP_TRACK.format(share=percent(loop.share))
    return f'<p role="note"><b>{markup.text(words.LOOP)}:</b> {markup.name(name)} {markup.text(told)}</p>'


def _sound(profile: ListenerProfile) -> None:
    if profile.audio is None:
        st.html(f'<p class="es-told">{markup.text(words.NO_AUDIO)}</p>')
        return
    with st.container(key="pair_sound", horizontal=True):
        drawn = charts.radar(words.SOUND, audio.axes(), [audio.outline("", profile.audio)])
        picture.show(charts.with_note(drawn, words.SOUND_MORE))
        picture.show(charts.spread(words.SPREAD, audio.spreads(profile.audio), words.SPREAD_MORE))


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
        f"<span>{markup.text(_came_of(profile, part, status))}</span></li>"
        for part, status in profile.parts.items()
    )
    heading = f"<h2>{markup.text(words.READ)}</h2>"
    return f'<section class="es-panel">{heading}<ul class="es-rows">{rows}</ul></section>'


def _came_of(profile: ListenerProfile, part: str, status: str) -> str:
    """What became of a part, and how much of it counts."""
    here = {key for key, facet in profile.facets.items() if facet.part == part}
    items = [one for one in profile.items if one.facet in here]
    n_tracks, n_artists = len({one.track for one in items} - {""}), len({one.artist for one in items})
    return words.came_of(status, n_tracks, n_artists)


def _artists(profile: ListenerProfile, links: Mapping[str, str]) -> str:
    keys = sorted(profile.artists, key=lambda key: (-profile.artists[key], key))[:N_ARTISTS]
    total = sum(profile.artists.values())
    shares = {key: profile.artists[key] / total for key in keys}
    rows = markup.joined(_artist(profile, key, shares, links) for key in keys)
    heading = f"<h2>{markup.text(words.ARTISTS)}</h2><p>{markup.text(words.ARTISTS_MORE)}</p>"
    return f'<section class="es-panel">{heading}<ol class="es-top">{rows}</ol></section>'


def _artist(profile: ListenerProfile, key: str, shares: Mapping[str, float], links: Mapping[str, str]) -> str:
    width = round(100 * shares[key] / max(shares.values()))
    name = markup.name_outward(profile.names.get(key, key), links.get(key, ""))
    meter = f'<span class="es-meter" aria-hidden="true"><span style="width:{width}%"></span></span>'
    return f'<li>{name}{meter}<span class="es-n">{markup.text(percent(shares[key]))}</span></li>'
