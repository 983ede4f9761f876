"""What the address of the matches asks for: filters, order, side and page. So Back and a reload keep them.

Names never stand in it: tags and sides of a taste are numbers there. Anybody may have typed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from matcher.domain.digests import digest_of
from ui.screen import argument, as_left, leave

TAG, SIDE, LATELY, ORDER, PAGE = NAMES = ("tag", "facet", "lately", "order", "page")
"""What the address calls each of them."""

_DISCOVER = "discover"
_MOST_PAGES = 99


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list of matches is to be shown.

    Attributes:
        tag: number of a tag, as `matcher.browsing.service.tag_id` gives it; 0 for any.
        side: number of a side of the taste (`number_of_side`); 0 to choose among them, None not to.
        lately: only who was here lately.
        discover: those with the most to discover first.
        page: from 0.
    """

    tag: int = 0
    side: int | None = None
    lately: bool = False
    discover: bool = False
    page: int = 0


def number_of_side(facet_id: str) -> int:
    """What stands for a side of the taste where its name must not: never 0."""
    return digest_of("facet", facet_id) or 1


def read() -> Asked:
    """What the address asks for; what it says that is none of ours counts nothing."""
    return _read({name: argument(name) for name in NAMES})


def drawn() -> Asked:
    """What was asked for when this tab drew the matches last.

    After two choices in quick succession the browser may still send the address of before both; the first one
    stands in this one already.
    """
    return _read(as_left(""))


def put(asked: Asked) -> None:
    """Put it into the address. Only where somebody chose it: it is a step that Back undoes."""
    st.query_params.from_dict(as_query(asked))
    leave("", as_query(asked))  # a second choice may come before this one was drawn


def as_query(asked: Asked) -> Mapping[str, str]:
    """What stands in the address for it: nothing for what is as it always is."""
    told = {
        TAG: str(asked.tag) if asked.tag else "",
        SIDE: "" if asked.side is None else str(asked.side),
        LATELY: "1" if asked.lately else "",
        ORDER: _DISCOVER if asked.discover else "",
        PAGE: str(asked.page + 1) if asked.page else "",
    }
    return {name: value for name, value in told.items() if value}


def _read(told: Mapping[str, str]) -> Asked:
    side = told.get(SIDE, "")
    return Asked(
        tag=_number(told.get(TAG, "")) or 0,
        side=_side(side) if side else None,
        lately=told.get(LATELY) == "1",
        discover=told.get(ORDER) == _DISCOVER,
        page=min(max(_number(told.get(PAGE, "")) or 1, 1), _MOST_PAGES) - 1,
    )


def _side(typed: str) -> int:
    """A number as we write it, or the id of a facet, which links from My taste carry."""
    number = _number(typed)
    return number_of_side(typed) if number is None else number


def _number(typed: str) -> int | None:
    return int(typed) if re.fullmatch("-?[0-9]{1,19}", typed) else None
