"""My taste: what was read, how it sounds, facets, and exclusions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.listening import Source
from matcher.domain.noise.loops import Loop, find_loop
from matcher.domain.profile import ListenerProfile
from matcher.errors import NotSynced
from matcher.ports import KeptSource
from matcher.taste.facets import TasteFacet
from matcher.taste.library_entries import Entry
from ui import charts, clock, texts
from ui.charts import audio
from ui.html import draw, html, joined, markup
from ui.pages.taste import actions, exclusions, facets, own_card, sources, words
from ui.pages.taste.actions import Before
from ui.request import Request
from ui.screen import address
from ui.shared import glossary, notice, story
from ui.texts.grammar import percent

N_ARTISTS, N_NOISE = 12, 3


@dataclass(frozen=True, slots=True)
class _Library:
    """Facets, and data for the exclusions panel."""

    facets: Sequence[TasteFacet]
    choice: exclusions.Choice
    sources: Sequence[KeptSource]
    noise: Sequence[Entry]
    noise_counts: bool


def show(request: Request) -> None:
    """Draw the screen."""
    profile = request.profile()
    library = _library(request, profile)
    read_at = request.application.service.store.synced_at_utc(request.listener_id)
    demo = request.application.settings.demo
    draw(_title(profile, read_at, demo))
    draw(_saying(request, profile))
    _loop(request, profile, library.choice.before if library else Before(profile.evidence, ()))
    if library and library.noise:
        _noise(request, library)
    _sound(profile)
    with st.container(key="pair_time", horizontal=True):
        markup.draw_chart(charts.bars(words.DECADES, _decades(profile)))
        draw(_read(profile))
    draw(_artists(profile, request.links()))
    kept = library.sources if library else request.application.tastes.sources(request.listener_id)
    sources.show(request, kept)
    own_card.show(request, profile)
    if library is None:
        notice.tell(request, exclusions.PLACE)
        draw(html('<p class="es-told">{}</p>', words.EXPIRED))
        return
    facets.show(library.facets)
    exclusions.show(request, library.choice)


def _library(request: Request, profile: ListenerProfile) -> _Library | None:
    """Data from the library, or None if it has expired."""
    tastes, key, kind = request.application.tastes, request.listener_id, exclusions.kind_looked_at()
    try:
        found = tastes.look(key, kind)
        near = request.nearest(actions.N_NEAREST)
        choice = exclusions.Choice(kind, found.entries, found.exclusions, near, profile.evidence)
        return _Library(found.facets, choice, found.sources, found.noise, found.noise_counts)
    except NotSynced:
        return None


def _title(profile: ListenerProfile, read_at: datetime | None, demo: bool) -> Markup:
    evidence = profile.evidence
    told = texts.card.evidence(evidence.n_tracks, evidence.n_artists, evidence.audio_coverage)
    local = demo and profile.source is Source.SPOTIFY_API
    source = words.LOCAL_SPOTIFY if local else texts.sources.SOURCES[profile.source]
    when = words.read_from(source, clock.here(read_at)) if read_at else ""
    evidence_line = html('<p class="es-evidence">{} {}</p>', told, when)
    return markup.title(words.TITLE, words.LEAD, evidence_line + glossary.of("taste"))


def _saying(request: Request, profile: ListenerProfile) -> Markup:
    """The sentence on oneself, a rarity, and the way to the story."""
    way = markup.link(words.STORY, address("story"), "es-way")
    said = story.saying(*request.application.stories.about(profile))
    return html('<section class="es-panel es-saying-me">{}<p>{}</p></section>', said, way)


def _loop(request: Request, profile: ListenerProfile, before: Before) -> None:
    """Note on something played in a loop, with the offer to exclude it."""
    loop = find_loop(profile)
    if loop is None:
        return
    thing = Exclusion(Kind.TRACK if loop.kind == "tracks" else Kind.ARTIST, value_of(loop.key))
    with st.container(key="loop", horizontal=True, vertical_alignment="center"):
        draw(_on_repeat(profile, loop))
        st.button(
            words.LOOP_LEAVE,
            key="leave_loop",
            on_click=exclusions.leave_out,
            args=(request, thing, before),
        )


def _noise(request: Request, library: _Library) -> None:
    """Note on what is no taste, with the offers to let it count or to leave it out."""
    before, counts = library.choice.before, library.noise_counts
    with st.container(key="noise", horizontal=True, vertical_alignment="center"):
        draw(_no_taste(library.noise, counts=counts))
        st.button(
            words.NOISE_DAMP if counts else words.NOISE_COUNT,
            key="count_noise",
            on_click=exclusions.count_noise,
            args=(request, before, not counts),
        )
        st.button(
            words.NOISE_LEAVE,
            key="leave_noise",
            on_click=exclusions.leave_out_noise,
            args=(request, before),
        )


def _no_taste(noise: Sequence[Entry], *, counts: bool) -> Markup:
    names = Markup(", ").join(exclusions.name_of(one) for one in noise[:N_NOISE])
    told = words.noise(len(noise) - N_NOISE, sum(one.share for one in noise), counts=counts)
    why = joined(html(" {}", _on_end(one)) for one in noise if one.n_hours)
    return html('<p role="note"><b>{}:</b> {}{}{}</p>', words.NOISE, names, told, why)


def _on_end(entry: Entry) -> Markup:
    name = exclusions.name_of(entry)
    return markup.filled(words.NOISE_ON_END, name=name, hours=str(entry.n_hours))


def _on_repeat(profile: ListenerProfile, loop: Loop) -> Markup:
    name, told = profile.names.get(loop.key, loop.key), words.LOOP_TRACK.format(share=percent(loop.share))
    return html('<p role="note"><b>{}:</b> {} {}</p>', words.LOOP, markup.name(name), told)


def _sound(profile: ListenerProfile) -> None:
    if profile.audio is None:
        draw(html('<p class="es-told">{}</p>', words.NO_AUDIO))
        return
    with st.container(key="pair_sound", horizontal=True):
        drawn = charts.radar(words.SOUND, audio.axes(), [audio.outline("", profile.audio)])
        markup.draw_chart(charts.with_note(drawn, words.SOUND_MORE))
        markup.draw_chart(charts.spread(words.SPREAD, audio.spreads(profile.audio), words.SPREAD_MORE))


def _decades(profile: ListenerProfile) -> list[charts.Bar]:
    """A column per decade from first to last, including gaps."""
    shares = profile.decades
    years = range(min(shares), max(shares) + 10, 10) if shares else range(0)
    return [_decade(year, shares.get(year, 0.0)) for year in years]


def _decade(year: int, share: float) -> charts.Bar:
    tip = words.DECADE_TIP.format(decade=year, share=percent(share))
    return charts.Bar(words.DECADE.format(decade=year), share, tip)


def _read(profile: ListenerProfile) -> Markup:
    rows = joined(
        html(
            "<li><span>{}</span><span>{}</span></li>",
            texts.sync.STEPS.get(part, texts.sync.STEP_OTHER),
            _came_of(profile, part, status),
        )
        for part, status in profile.parts.items()
    )
    return markup.section(words.READ, html('<ul class="es-rows">{}</ul>', rows))


def _came_of(profile: ListenerProfile, part: str, status: str) -> str:
    """Status of a part, and how much of it counts."""
    here = {key for key, facet in profile.facets.items() if facet.part == part}
    items = [one for one in profile.items if one.facet in here]
    n_tracks, n_artists = len({one.track for one in items} - {""}), len({one.artist for one in items})
    return words.came_of(status, n_tracks, n_artists)


def _artists(profile: ListenerProfile, links: Mapping[str, str]) -> Markup:
    keys = sorted(profile.artists, key=lambda key: (-profile.artists[key], key))[:N_ARTISTS]
    total = sum(profile.artists.values())
    shares = {key: profile.artists[key] / total for key in keys}
    rows = joined(_artist(profile, key, shares, links) for key in keys)
    body = html('<p>{}</p><ol class="es-top">{}</ol>', words.ARTISTS_MORE, rows)
    return markup.section(words.ARTISTS, body)


def _artist(
    profile: ListenerProfile, key: str, shares: Mapping[str, float], links: Mapping[str, str]
) -> Markup:
    width = round(100 * shares[key] / max(shares.values()))
    name = markup.name_outward(profile.names.get(key, key), links.get(key, ""))
    meter = html('<span class="es-meter" aria-hidden="true"><span style="width:{}%"></span></span>', width)
    return html('<li>{}{}<span class="es-n">{}</span></li>', name, meter, percent(shares[key]))
