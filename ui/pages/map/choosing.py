"""Taste map: which part of my taste to look around, and what to leave out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.browsing.service import MatchFilters
from matcher.domain.consent import SeenMatch
from matcher.domain.exclusions import Kind
from matcher.domain.profile import ListenerProfile
from matcher.errors import EarshotError, NotInLibrary, NotSynced, TasteTooSoon, TooFewArtists
from matcher.taste.facets import FacetKind, TasteFacet
from matcher.taste.library_entries import Entry
from matcher.taste.service import TasteLook
from ui.html import EMPTY, controls, html, joined, markup
from ui.pages.map import words
from ui.pages.matches.query_parameters import FACET, number_of_facet
from ui.pages.taste import exclusions
from ui.pages.taste.actions import Before
from ui.request import Request
from ui.screen import argument
from ui.texts.grammar import percent

N_FACETS, N_ARTISTS = 6, 6


@dataclass(frozen=True, slots=True)
class Around:
    """What the map is drawn around.

    Attributes:
        seen: the nearest matches, of a facet if one is chosen.
        facet: the chosen one, or None for the whole taste.
        part: its profile.
        look: the listener's facets, artists and exclusions; None if no library is kept.
        problem: why the chosen facet is not drawn.
    """

    seen: Sequence[SeenMatch]
    facet: TasteFacet | None = None
    part: ListenerProfile | None = None
    look: TasteLook | None = None
    problem: EarshotError | None = None


def around(request: Request, top_n: int) -> Around:
    """The matches to draw, around the facet in the URL."""
    look = _look(request)
    facet, problem = _chosen(look), None
    if facet is not None:
        key, wanted = request.listener_id, MatchFilters(top_n, facet_id=facet.facet_id)
        try:
            part = request.application.tastes.facet(key, facet.facet_id)
            return Around(request.application.browsing.look(key, wanted).matches, facet, part, look)
        except NotInLibrary:  # it went while this was loaded
            pass
        except (TasteTooSoon, TooFewArtists) as error:
            problem = error
    return Around(request.nearest(top_n), look=look, problem=problem)


def _look(request: Request) -> TasteLook | None:
    try:
        return request.application.tastes.look(request.listener_id, Kind.ARTIST)
    except NotSynced:
        return None


def _offered(look: TasteLook | None) -> list[TasteFacet]:
    """Clusters of artists: parts of a taste that lie somewhere."""
    return [one for one in look.facets if one.kind is FacetKind.CLUSTER][:N_FACETS] if look else []


def _chosen(look: TasteLook | None) -> TasteFacet | None:
    wanted = argument(FACET)
    return next((one for one in _offered(look) if _number(one) == wanted), None)


def _number(facet: TasteFacet) -> str:
    return str(number_of_facet(facet.facet_id))


def facets(request: Request, found: Around) -> Markup:
    """Chips to choose a facet; EMPTY if there are not two to choose from."""
    offered = _offered(found.look)
    if len(offered) < 2:
        return EMPTY
    names = {"0": words.WHOLE} | {_number(one): _name(one) for one in offered}
    chosen = _number(found.facet) if found.facet else "0"
    return controls.choices(request, words.FACETS, "facet", names, chosen, _keep)


def _name(facet: TasteFacet) -> Markup:
    return markup.filled(words.FACET, name=markup.name(facet.name), share=percent(facet.share))


def _keep(number: str) -> None:
    """Put the choice into the URL, so that Back undoes it."""
    if number == "0":
        st.query_params.pop(FACET, None)
    else:
        st.query_params[FACET] = number


def leaving(request: Request, found: Around, before: Before) -> Markup:
    """Chips of my strongest artists to leave out, and of what is left out to put back."""
    if found.look is None:
        return EMPTY
    there = [one for one in found.look.entries if one.since_utc is None][:N_ARTISTS]
    away = [one for one in found.look.exclusions if one.thing.kind is Kind.ARTIST][:N_ARTISTS]
    chips = joined(_chip(request, one, before) for one in (*away, *there))
    return markup.section(
        words.LEAVE_OUT,
        html("<p>{}</p>", words.LEAVE_MORE),
        html('<div class="es-choices es-leaving">{}</div>', chips),
    )


def _chip(request: Request, entry: Entry, before: Before) -> Markup:
    """The key ends alike for both, so that the focus stays."""
    is_out, key = entry.since_utc is not None, exclusions.key_of(entry.thing)
    do = exclusions.put_back if is_out else exclusions.leave_out
    act = f"{words.PUT_BACK if is_out else words.LEAVE} {entry.name or entry.thing.value}"
    name, do_it = exclusions.name_of(entry), partial(do, request, entry.thing, before)
    label = html("<s>{}</s>", name) if is_out else name
    return controls.button(
        request,
        label,
        f"{'back' if is_out else 'leave'}_{key}",
        do_it,
        "es-out-chip" if is_out else "",
        named=act,
    )
