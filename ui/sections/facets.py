"""My taste: its sides, each with the way to the matches on it alone."""

from collections.abc import Sequence

import streamlit as st

from matcher.facets import FacetKind, TasteFacet
from ui import markup
from ui.screen import link_to
from ui.sections.panel import panel, row
from ui.texts import taste as words
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
            with st.container(key="sides_found"):
                for n, one in enumerate(clusters):
                    _card(n, one)
        if others:
            _heading(words.PLAYLISTS)
            _rows(others)


def name_of(facet: TasteFacet) -> str:
    """A side's name as HTML: its own, or what its part is called."""
    return markup.name(facet.name) if facet.name else markup.text(part_name(facet.facet_id))


def _heading(told: str) -> None:
    st.html(f'<h3 class="es-minor">{markup.text(told)}</h3>')


def _card(n: int, facet: TasteFacet) -> None:
    artists = markup.joined(f"<li>{markup.name(one)}</li>" for one in facet.artists)
    with st.container(key=f"side_{n}"):
        st.html(f'<h4 class="es-side">{name_of(facet)}</h4>{_size(facet)}<ul class="es-chips">{artists}</ul>')
        link_to("", words.MATCH_ON, facet=facet.facet_id)


def _rows(facets: Sequence[TasteFacet]) -> None:
    every = st.session_state.get(_ALL) or len(facets) <= N_ROWS
    for n, one in enumerate(facets if every else facets[:N_ROWS]):
        with row(f"side_{n}", f'<div class="es-entry"><b>{name_of(one)}</b>{_size(one)}</div>'):
            link_to("", words.MATCH_ON, facet=one.facet_id)
    if not every:
        st.button(words.MORE_FACETS, key="more_sides", on_click=_widen)


def _size(facet: TasteFacet) -> str:
    told = f"{words.size(facet.n_artists, facet.n_tracks)} · {words.share(facet.share)}"
    return f"<small>{markup.text(told)}</small>"


def _widen() -> None:
    st.session_state[_ALL] = True
