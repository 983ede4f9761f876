"""Share card of a match, drawn on request and shown before the download."""

from functools import partial

import streamlit as st

from matcher.domain.consent import Relation, SeenMatch
from matcher.domain.listening import Source
from matcher.ports import Listener
from ui import texts
from ui.html import controls, draw, html
from ui.pages.match import words
from ui.pictures import ShareCard
from ui.request import Request
from ui.shared import share_card
from ui.texts import share


def show(request: Request, me: Listener, match: SeenMatch) -> None:
    """Draw the offer, or the card with its download."""
    more = html('<p class="es-more">{}</p>', words.CARD_MORE)
    draw(html('<h2 class="es-heading">{}</h2>{}', words.CARD, more))
    wanted = f"share_{match.listener_id}"
    if not controls.is_remembered(wanted):
        st.button(words.DRAW, key="draw_card", on_click=partial(controls.remember, wanted))
        return
    named = match.cards and st.toggle(words.NAME_THEM, value=True, key="name_them")
    if match.relation is Relation.CONNECTED and not match.cards:
        draw(html('<p class="es-more">{}</p>', words.CARD_NOT_ALLOWED))
    card = card_of(me, match, named, request.application.settings.public_url)
    share_card.show(request, card, "es-share", "take_card")


def card_of(me: Listener, match: SeenMatch, named: bool, address: str = "") -> ShareCard:
    """Share card of a match, with what may be shown.

    With the other's consent, and if `named`, it has both aliases and the percentage. Without, it says in a
    word how near somebody is: a figure without a name would say nothing. Common artists are those that the
    other shows.
    """
    is_named = named and match.cards and match.percent is not None
    return ShareCard(
        alias=me.alias,
        other=match.alias if is_named else "",
        figure=texts.grammar.percent(match.percent.value / 100) if is_named and match.percent else "",
        told="" if is_named else share.FOUND[match.band],
        artists=tuple(one.name for one in match.artists),
        tags=tuple(one.name for one in match.tags[:2]),
        n_people=2,
        address=address,
        synthetic=Source.SYNTHETIC in (me.source, match.source),
    )
