"""Share card of a match, drawn on request and shown before the download."""

from functools import partial

import streamlit as st

from matcher.domain.consent import Relation, SeenMatch
from matcher.domain.listening import Source
from matcher.ports import Listener
from ui import texts
from ui.html import controls, draw, html
from ui.pages.match import words
from ui.shared import share_card
from ui.shared.share_card import ShareCard


def show(me: Listener, match: SeenMatch) -> None:
    """Draw the offer, or the card with its download."""
    more = html('<p class="es-more">{}</p>', words.CARD_MORE)
    draw(html('<h2 class="es-heading">{}</h2>{}', words.CARD, more))
    wanted = f"share_{match.listener_id}"
    if not controls.is_remembered(wanted):
        st.button(words.DRAW, key="draw_card", on_click=partial(controls.remember, wanted))
        return
    named = match.cards and st.toggle(words.NAME_THEM, key="name_them")
    if match.relation is Relation.CONNECTED and not match.cards:
        draw(html('<p class="es-more">{}</p>', words.CARD_NOT_ALLOWED))
    share_card.show(card_of(me, match, named), "es-share", words.CARD_DOWNLOAD, words.CARD_FILE, "take_card")


def card_of(me: Listener, match: SeenMatch, named: bool) -> ShareCard:
    """Share card of a match, with what may be shown.

    Without the other's consent it has a band, and names only the listener. With it, it has the percentage,
    and the other's alias if `named`. Common artists are those that the other shows.
    """
    told = match.percent if match.cards else None
    figure = "" if told is None else texts.grammar.percent(told.value / 100)
    return ShareCard(
        alias=me.alias,
        other=match.alias if named and match.cards else "",
        nearness=f"{figure} {texts.card.PERCENT}" if figure else texts.card.BANDS[match.band],
        artists=tuple(one.name for one in match.artists),
        synthetic=Source.SYNTHETIC in (me.source, match.source),
    )
