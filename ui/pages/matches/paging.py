"""Paging of the matches."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from markupsafe import Markup

from matcher.browsing.service import MatchFilters, Order, Sight
from matcher.domain.consent import SeenMatch
from ui.html import controls, draw, html
from ui.pages.matches import query_parameters, words
from ui.pages.matches.query_parameters import QueryParameters
from ui.request import Request

LENGTH = 10
"""Matches per page; more cards would slow the browser."""

SOON, MOST = 20, 50
"""Matches searched for the first pages, and for later ones."""


def paged(match_filters: MatchFilters, wanted: QueryParameters) -> MatchFilters:
    """The filters with as many matches as the requested page needs."""
    return replace(match_filters, top_n=MOST if LENGTH * wanted.page >= SOON else SOON)


def number_of(found: Sight, wanted: QueryParameters) -> int:
    """Number of the shown page, from 0; the last page if the requested one is empty."""
    return max(0, min(wanted.page, (len(found.matches) - 1) // LENGTH))


def on_page(found: Sight, number: int) -> Sequence[SeenMatch]:
    """Matches of a page."""
    return found.matches[LENGTH * number : LENGTH * (number + 1)]


def show(request: Request, found: Sight, match_filters: MatchFilters, number: int) -> None:
    """Draw the position, previous and next, and why the list ends."""
    n = len(found.matches)
    first, last = LENGTH * number + 1, min(LENGTH * (number + 1), n)
    more = found.n_left > 0 or match_filters.top_n <= n < found.n_candidates
    beyond = more and match_filters.top_n < MOST
    if number == 0 and last == n and not beyond:
        return
    there = last < n or beyond
    before = _turner(request, words.BEFORE, "page_before", number - 1, number > 0)
    after = _turner(request, words.AFTER, "page_after", number + 1, there)
    places = (words.PLACES if beyond else words.PLACES_OF).format(first=first, last=last, n=n)
    ends = ""
    if more and not there:
        narrowed = (
            match_filters.n_looked_through > match_filters.top_n or match_filters.order is not Order.NEAR
        )
        told = (words.ENDS_NARROWED if narrowed else words.ENDS).format(n=n)
        ends = html('<p class="es-more" role="note">{}</p>', told)
    place = html('<span class="es-more">{}</span>', places)
    draw(html('<div class="es-pages">{}{}{}</div>{}', before, place, after, ends))


def _turner(request: Request, label: str, key: str, to: int, there: bool) -> Markup:
    return controls.button(request, label, key, partial(_turn, to) if there else None)


def _turn(to: int) -> None:
    """Go to a page and keep the filters."""
    query_parameters.put(replace(query_parameters.drawn(), page=to))
