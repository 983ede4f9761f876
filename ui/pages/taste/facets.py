"""My taste: facets, each with a link to its matches."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from matcher.taste.facets import FacetKind, TasteFacet
from ui.html import controls, draw, html, joined, markup
from ui.pages.taste import words
from ui.screen import address
from ui.texts.parts import part_name

N_ROWS = 6
_ALL = "all_taste_facets"


def show(facets: Sequence[TasteFacet]) -> None:
    """Draw clusters as cards, playlists and other parts as lines."""
    with markup.panel("taste_facets", words.FACETS, words.FACETS_LEAD if facets else words.NO_FACETS):
        clusters = [one for one in facets if one.kind is FacetKind.CLUSTER]
        others = [one for one in facets if one.kind is not FacetKind.CLUSTER]
        if clusters:
            draw(html('<h3 class="es-minor">{}</h3>', words.CLUSTERS))
            draw(html('<div class="es-facets">{}</div>', joined(_card(one) for one in clusters)))
        if others:
            draw(html('<h3 class="es-minor">{}</h3>', words.PLAYLISTS))
            _rows(others)


def name_of(facet: TasteFacet) -> str:
    """A facet's name, or that of its part."""
    return markup.name(facet.name) if facet.name else part_name(facet.facet_id)


def _card(facet: TasteFacet) -> Markup:
    artists = markup.items(markup.name(one) for one in facet.artists)
    return html(
        '<div><h4 class="es-facet">{}</h4><small>{}</small><ul class="es-chips">{}</ul>{}</div>',
        *(name_of(facet), _size(facet), artists, _match_on(facet)),
    )


def _rows(facets: Sequence[TasteFacet]) -> None:
    every = controls.is_remembered(_ALL) or len(facets) <= N_ROWS
    draw(markup.lines(_row(one) for one in (facets if every else facets[:N_ROWS])))
    if not every:
        st.button(words.MORE_FACETS, key="more_taste_facets", on_click=controls.remember, args=(_ALL,))


def _row(facet: TasteFacet) -> Markup:
    return html("<li>{}{}</li>", markup.entry(name_of(facet), _size(facet)), _match_on(facet))


def _match_on(facet: TasteFacet) -> Markup:
    return markup.link(words.MATCH_ON, address("", facet=facet.facet_id), "es-way")


def _size(facet: TasteFacet) -> str:
    return f"{words.size(facet.n_artists, facet.n_tracks)} · {words.share(facet.share)}"
