"""Filters above the list of matches."""

from dataclasses import replace
from functools import partial
from typing import Any

from markupsafe import Markup

from matcher.browsing.service import MatchFilters, Order, Sight, tag_id
from matcher.taste.facets import FacetKind, TasteFacet
from ui import texts
from ui.actions import between_listeners
from ui.html import EMPTY, controls, draw, html, joined, markup
from ui.pages.matches import query_parameters, words
from ui.pages.matches.query_parameters import QueryParameters, number_of_facet
from ui.request import Request


def facets_of(request: Request, wanted: QueryParameters) -> tuple[TasteFacet, ...]:
    """Facets of the taste; empty unless wanted, because finding them takes a moment."""
    tastes = request.application.tastes
    return () if wanted.facet is None else tastes.facets_of(request.listener_id)


def chosen(wanted: QueryParameters, facets: tuple[TasteFacet, ...]) -> MatchFilters:
    """The filters in the URL; an unknown facet is ignored."""
    ids = {number_of_facet(one.facet_id): one.facet_id for one in facets}
    return MatchFilters(
        tag=wanted.tag,
        facet_id=ids.get(wanted.facet or 0, ""),
        lately=wanted.lately,
        order=Order.DISCOVER if wanted.discover else Order.NEAR,
    )


def show(
    request: Request,
    found: Sight,
    match_filters: MatchFilters,
    wanted: QueryParameters,
    facets: tuple[TasteFacet, ...],
) -> None:
    """Draw the filters in the state of the URL, and a note on their effect."""
    told = words.LATELY_UNKNOWN if wanted.lately else ""
    if match_filters.n_looked_through > match_filters.top_n:
        told = f"{words.LOOKED_THROUGH.format(n=match_filters.n_looked_through)} {told}".strip()
    below = html('<p class="es-more">{}</p>', told) if told else ""
    row = '<div class="es-filters">{}</div><div class="es-filters es-filters-more">{}</div>{}'
    draw(html(row, _menus(request, found, wanted, facets), _switches(request, found, wanted), below))


def _menus(request: Request, found: Sight, wanted: QueryParameters, facets: tuple[TasteFacet, ...]) -> Markup:
    orders = {0: words.ORDERS["near"], 1: words.ORDERS["discover"]}
    tags = {0: words.ANY_TAG} | {tag_id(tag.key): tag.name for tag in found.tags}
    menus = [
        controls.menu(
            request, words.ORDER, "order", orders, int(wanted.discover), lambda n: _keep(discover=bool(n))
        ),
        controls.menu(request, words.TAG, "tag", tags, wanted.tag, lambda n: _keep(tag=n)),
    ]
    if facets:
        names = {0: words.ALL_OF_ME} | {number_of_facet(one.facet_id): name_of(one) for one in facets}
        menus.append(
            controls.menu(request, words.FACET, "facet", names, wanted.facet or 0, lambda n: _keep(facet=n))
        )
    return joined(menus)


def _switches(request: Request, found: Sight, wanted: QueryParameters) -> Markup:
    has_facet, late = wanted.facet is not None, wanted.lately
    on_facets, on_late = partial(_keep, facet=None if has_facet else 0), partial(_keep, lately=not late)
    by_facet = controls.switch(request, words.ONE_FACET, "facets", has_facet, on_facets)
    lately = controls.switch(request, words.LATELY, "lately", late, on_late)
    return joined((by_facet, lately, _dismissed(request, found.n_dismissed)))


def name_of(facet: TasteFacet) -> str:
    """Name of a facet in the filter; a part's name if it has none."""
    if facet.kind is FacetKind.PLAYLIST and facet.name:
        return words.FACET_PLAYLIST.format(name=markup.isolated(facet.name))
    return facet.name if facet.kind is FacetKind.CLUSTER else texts.parts.part_name(facet.facet_id)


def _keep(**chosen: Any) -> None:
    """Put a choice into the URL, keep the others, and go to the first page."""
    query_parameters.put(replace(query_parameters.drawn(), page=0, **chosen))


def _dismissed(request: Request, n: int) -> Markup:
    """Number of hidden matches, with a button to show them; EMPTY if none."""
    if not n:
        return EMPTY
    do = partial(between_listeners.undo_dismissals, request)
    button = controls.button(request, words.UNHIDE, "unhide", do, controls.PLAIN)
    return html('<span class="es-hidden"><span class="es-more">{}</span>{}</span>', words.hidden(n), button)
