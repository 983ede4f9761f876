"""My taste: its sides, each with the way to the matches on it alone."""

from collections.abc import Sequence

import streamlit as st

from matcher.taste.facets import FacetKind, TasteFacet
from ui.html import markup
from ui.html.panel import panel
from ui.pages.taste import words
from ui.screen import address
from ui.texts.parts import part_name

N_ROWS = 6
_ALL = "all_sides"


def show(facets: Sequence[TasteFacet]) -> None:
    """Clusters as cards, playlists and other parts as lines."""
    with panel("sides", words.FACETS, words.FACETS_LEAD if facets else words.NO_FACETS):
        clusters = [one for one in facets if one.kind is FacetKind.CLUSTER]
        others = [one for one in facets if one.kind is not FacetKind.CLUSTER]
        if clusters:
            _heading(words.CLUSTERS)
            st.html(f'<div class="es-sides">{markup.joined(_card(one) for one in clusters)}</div>')
        if others:
            _heading(words.PLAYLISTS)
            _rows(others)


def name_of(facet: TasteFacet) -> str:
    """A side's name as HTML: its own, or what its part is called."""
    return markup.name(facet.name) if facet.name else markup.text(part_name(facet.facet_id))


def _heading(told: str) -> None:
    st.html(f'<h3 class="es-minor">{markup.text(told)}</h3>')


def _card(facet: TasteFacet) -> str:
    artists = markup.joined(f"<li>{markup.name(one)}</li>" for one in facet.artists)
    return (
        f'<div><h4 class="es-side">{name_of(facet)}</h4>{_size(facet)}<ul class="es-chips">{artists}</ul>'
        f"{_match_on(facet)}</div>"
    )


def _rows(facets: Sequence[TasteFacet]) -> None:
    every = st.session_state.get(_ALL) or len(facets) <= N_ROWS
    rows = markup.joined(_row(one) for one in (facets if every else facets[:N_ROWS]))
    st.html(f'<ul class="es-lines">{rows}</ul>')
    if not every:
        st.button(words.MORE_FACETS, key="more_sides", on_click=_widen)


def _row(facet: TasteFacet) -> str:
    return f'<li><div class="es-entry"><b>{name_of(facet)}</b>{_size(facet)}</div>{_match_on(facet)}</li>'


def _match_on(facet: TasteFacet) -> str:
    return markup.link(words.MATCH_ON, address("", facet=facet.facet_id), "es-way")


def _size(facet: TasteFacet) -> str:
    told = f"{words.size(facet.n_artists, facet.n_tracks)} · {words.share(facet.share)}"
    return f"<small>{markup.text(told)}</small>"


def _widen() -> None:
    st.session_state[_ALL] = True
