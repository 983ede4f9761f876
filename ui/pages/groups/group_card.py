"""Picture of a group, drawn on request."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from matcher.domain.listening import Source
from matcher.errors import EarshotError
from matcher.groups.group import Group
from matcher.ports import Listener
from ui.html import controls, draw, html
from ui.pages.groups import words
from ui.pictures import ShareCard
from ui.request import Request
from ui.shared import share_card
from ui.texts import share

SHOWN = "group_card_shown"
"""View state: whether the card is shown."""
_NAMED = 2
"""Most aliases on a card beside the listener's own; the rest are counted."""


def show(request: Request, group: Group) -> None:
    """Draw the offer, or the card with its downloads."""
    draw(html('<h2 class="es-heading">{}</h2><p class="es-more">{}</p>', words.CARD, words.CARD_MORE))
    is_shown = controls.is_remembered(SHOWN)
    turn = partial(controls.remember, SHOWN, not is_shown)
    st.button(words.CARD_HIDE if is_shown else words.CARD_SHOW, key="group_card_button", on_click=turn)
    if is_shown:
        others = [one for one in group.member_ids if one != request.listener_id]
        named = [group.aliases[one] for one in others if _allows(request, one)]
        settings = request.application.settings
        card = card_of(request.listener(), group, named, settings.demo, settings.public_url)
        share_card.show(request, card, "es-group-card", "group_card_file")


def card_of(
    me: Listener, group: Group, named: Sequence[str], demo: bool = False, address: str = ""
) -> ShareCard:
    """Share card of a group; `named` are the aliases of others who allow it.

    Common artists and tags are those that the listener has as well, and the others show.
    """
    mine = [one.name for one in group.artists if me.listener_id in one.member_ids]
    tags = [one.name for one in group.tags if me.listener_id in one.member_ids]
    return ShareCard(
        alias=me.alias,
        other=share.AND_NEXT.join(named[:_NAMED]),
        told=_told(len(group.member_ids) - 1 - len(named[:_NAMED])),
        artists=tuple(mine),
        tags=tuple(tags[:2]),
        n_people=len(group.member_ids),
        address=address,
        synthetic=demo or me.source is Source.SYNTHETIC,
    )


def _told(n_unnamed: int) -> str:
    if not n_unnamed:
        return share.OF_GROUP_ALL
    return share.OF_GROUP_ONE if n_unnamed == 1 else share.OF_GROUP.format(n=n_unnamed)


def _allows(request: Request, other_id: str) -> bool:
    """Whether another may be named on a card."""
    application, me = request.application, request.listener_id
    try:
        (match,) = application.people.show(me, application.service.find_match(me, other_id))
    except EarshotError:
        return False  # gone, hidden or blocked meanwhile
    return match.cards
