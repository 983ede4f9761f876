"""Filters above the list of matches, folded into one line."""

from collections.abc import Iterator, Sequence
from functools import partial

from markupsafe import Markup

from matcher.browsing.service import MatchFilters, Order, Sight, tag_id
from matcher.taste.facets import TasteFacet
from ui.html import EMPTY, controls, html, joined
from ui.pages.matches import facet_chips, words
from ui.pages.matches.facet_chips import name_of
from ui.pages.matches.query_parameters import QueryParameters, keep, number_of_facet
from ui.request import Request


def chosen(wanted: QueryParameters, facets: Sequence[TasteFacet]) -> MatchFilters:
    """The filters in the URL; an unknown facet is ignored."""
    ids = {number_of_facet(one.facet_id): one.facet_id for one in facets}
    return MatchFilters(
        tag=wanted.tag,
        facet_id=ids.get(wanted.facet, ""),
        lately=wanted.lately,
        order=Order.DISCOVER if wanted.discover else Order.NEAR,
    )


def bar(
    request: Request,
    found: Sight,
    match_filters: MatchFilters,
    wanted: QueryParameters,
    facets: Sequence[TasteFacet],
) -> Markup:
    """Chips of facets, and the folded filters in the state of the URL."""
    told = words.LATELY_UNKNOWN if wanted.lately else ""
    if match_filters.n_looked_through > match_filters.top_n:
        told = f"{words.LOOKED_THROUGH.format(n=match_filters.n_looked_through)} {told}".strip()
    return html(
        '<div class="es-narrow">{}{}{}</div>',
        facet_chips.row(request, facets, wanted.facet),
        _folded(request, found, wanted, facets),
        html('<p class="es-more">{}</p>', told) if told else EMPTY,
    )


def _folded(request: Request, found: Sight, wanted: QueryParameters, facets: Sequence[TasteFacet]) -> Markup:
    on_late = partial(keep, lately=not wanted.lately)
    lately = controls.switch(request, words.LATELY, "lately", wanted.lately, on_late)
    state = ", ".join(_state(found, wanted))
    return html(
        '<details class="es-tuck" data-fold="filters"><summary><span>{}</span>{}</summary>'
        '<div class="es-filters">{}{}</div></details>',
        words.NARROW,
        html(' <b class="es-state-now">{}</b>', state) if state else EMPTY,
        _menus(request, found, wanted, facets),
        lately,
    )


def _state(found: Sight, wanted: QueryParameters) -> Iterator[str]:
    """What is chosen other than at first."""
    if wanted.discover:
        yield words.ORDERS["discover"]
    yield from (tag.name for tag in found.tags if tag_id(tag.key) == wanted.tag)
    if wanted.lately:
        yield words.LATELY


def _menus(request: Request, found: Sight, wanted: QueryParameters, facets: Sequence[TasteFacet]) -> Markup:
    orders = {0: words.ORDERS["near"], 1: words.ORDERS["discover"]}
    tags = {0: words.ANY_TAG} | {tag_id(tag.key): tag.name for tag in found.tags}
    return joined(
        (
            controls.menu(
                request, words.ORDER, "order", orders, int(wanted.discover), lambda n: keep(discover=bool(n))
            ),
            controls.menu(request, words.TAG, "tag", tags, wanted.tag, lambda n: keep(tag=n)),
            _other_facets(request, wanted, facets),
        )
    )


def _other_facets(request: Request, wanted: QueryParameters, facets: Sequence[TasteFacet]) -> Markup:
    """Menu of all facets; EMPTY if each of them has a chip."""
    if not facet_chips.rest(facets, wanted.facet):
        return EMPTY
    names = {0: words.ALL_OF_ME} | {number_of_facet(one.facet_id): name_of(one) for one in facets}
    return controls.menu(request, words.FACET, "facet", names, wanted.facet, facet_chips.choose)
