"""Facets of one's own taste to match on, as chips with their shares."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from matcher.errors import NotSynced
from matcher.taste.facets import FacetKind, TasteFacet
from ui import texts
from ui.html import EMPTY, controls, html, markup
from ui.pages.matches import query_parameters, words
from ui.pages.matches.query_parameters import number_of_facet
from ui.request import Request

MOST = 5
"""Chips beside the one for all of me: as many as there are clusters."""


def known(request: Request) -> tuple[TasteFacet, ...] | None:
    """Facets of the taste if they were found lately: looking them up costs next to nothing."""
    return request.application.tastes.known_facets(request.listener_id)


def found(request: Request) -> tuple[TasteFacet, ...]:
    """Facets of the taste, which takes a moment; empty if no library is kept."""
    try:
        return request.application.tastes.facets_of(request.listener_id)
    except NotSynced:
        return ()


def row(request: Request, facets: Sequence[TasteFacet], chosen: int) -> Markup:
    """The chips: all of me, then facets, strongest first; EMPTY where there is nothing to choose.

    Pressing the chosen one once more matches on all of me again.
    """
    offered = _offered(facets, chosen)
    if not offered:
        return EMPTY
    options = {"0": words.ALL_OF_ME} | _labels(offered)
    value = str(chosen) if str(chosen) in options else "0"
    chips = controls.choices(request, words.FACET, "facet", options, value, lambda word: choose(int(word)))
    return html('<div class="es-sides">{}</div>', chips)


def rest(facets: Sequence[TasteFacet], chosen: int) -> Sequence[TasteFacet]:
    """Facets that have no chip."""
    offered = {one.facet_id for one in _offered(facets, chosen)}
    return [one for one in facets if one.facet_id not in offered]


def choose(number: int) -> None:
    """Match on a facet from now on; on all of me with 0, or with the one that is chosen already."""
    now = query_parameters.drawn()
    query_parameters.keep(facet=0 if number == now.facet else number)


def name_of(facet: TasteFacet) -> str:
    """Name of a facet; a part's name if it has none."""
    if facet.kind is FacetKind.PLAYLIST and facet.name:
        return words.FACET_PLAYLIST.format(name=markup.isolated(facet.name))
    return facet.name if facet.kind is FacetKind.CLUSTER else texts.parts.part_name(facet.facet_id)


def _offered(facets: Sequence[TasteFacet], chosen: int) -> list[TasteFacet]:
    """Clusters, else playlists; and whichever else is chosen."""
    for kind in (FacetKind.CLUSTER, FacetKind.PLAYLIST):
        offered = sorted((one for one in facets if one.kind is kind), key=lambda one: -one.share)[:MOST]
        if offered:
            break
    picked = (one for one in facets if number_of_facet(one.facet_id) == chosen and one not in offered)
    return [*offered, *picked]


def _labels(offered: Sequence[TasteFacet]) -> dict[str, str]:
    """Labels by number, as short as they can be told apart: one tag of a cluster, or all of its name."""
    short = Counter(_short(one) for one in offered)
    return {
        str(number_of_facet(one.facet_id)): markup.filled(
            words.FACET_SHARE,
            name=html("<bdi>{}</bdi>", _short(one) if short[_short(one)] == 1 else name_of(one)),
            share=html('<span class="es-n">{}</span>', texts.grammar.percent(one.share)),
        )
        for one in offered
    }


def _short(facet: TasteFacet) -> str:
    if facet.kind is FacetKind.CLUSTER and facet.tags:
        return facet.tags[0]
    return facet.name or name_of(facet)
