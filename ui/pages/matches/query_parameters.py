"""Query parameters of the matches: filters, order, facet, page.

They keep Back and reload working. They are untrusted, and hold no names: tags and facets are numbers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from matcher.domain.digests import digest_of
from ui.screen import argument, as_left, leave

TAG, FACET, LATELY, ORDER, PAGE = NAMES = ("tag", "facet", "lately", "order", "page")
"""Names of the query parameters."""

_DISCOVER = "discover"
_MOST_PAGES = 99


@dataclass(frozen=True, slots=True)
class QueryParameters:
    """Requested view of the matches.

    Attributes:
        tag: number of a tag (`matcher.browsing.service.tag_id`); 0 for any.
        facet: number of a facet (`number_of_facet`); 0 for the whole taste.
        lately: only listeners active lately.
        discover: most to discover first.
        page: from 0.
    """

    tag: int = 0
    facet: int = 0
    lately: bool = False
    discover: bool = False
    page: int = 0


def number_of_facet(facet_id: str) -> int:
    """Number of a facet in the URL, never 0."""
    return digest_of("facet", facet_id) or 1


def read() -> QueryParameters:
    """The view in the URL; unknown values are ignored."""
    return _read({name: argument(name) for name in NAMES})


def drawn() -> QueryParameters:
    """The view that this tab has drawn last.

    After two quick choices the browser may still send the URL from before both; this view has the first one.
    """
    return _read(as_left(""))


def put(parameters: QueryParameters) -> None:
    """Put a view into the URL, as a step that Back undoes."""
    st.query_params.from_dict(as_query(parameters))
    leave("", as_query(parameters))  # a second choice may arrive before the next run


def keep(**chosen: Any) -> None:
    """Put a choice into the URL, keep the others, and go to the first page."""
    put(replace(drawn(), page=0, **chosen))


def as_query(parameters: QueryParameters) -> Mapping[str, str]:
    """Query parameters of a view, without defaults."""
    told = {
        TAG: str(parameters.tag) if parameters.tag else "",
        FACET: str(parameters.facet) if parameters.facet else "",
        LATELY: "1" if parameters.lately else "",
        ORDER: _DISCOVER if parameters.discover else "",
        PAGE: str(parameters.page + 1) if parameters.page else "",
    }
    return {name: value for name, value in told.items() if value}


def _read(told: Mapping[str, str]) -> QueryParameters:
    facet = told.get(FACET, "")
    return QueryParameters(
        tag=_number(told.get(TAG, "")) or 0,
        facet=_facet(facet) if facet else 0,
        lately=told.get(LATELY) == "1",
        discover=told.get(ORDER) == _DISCOVER,
        page=min(max(_number(told.get(PAGE, "")) or 1, 1), _MOST_PAGES) - 1,
    )


def _facet(typed: str) -> int:
    """A number of ours, or a facet id from a link of My taste."""
    number = _number(typed)
    return number_of_facet(typed) if number is None else number


def _number(typed: str) -> int | None:
    return int(typed) if re.fullmatch("-?[0-9]{1,19}", typed) else None
