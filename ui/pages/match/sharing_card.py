"""The card to share: made only when asked for, looked at before it is taken away."""

from base64 import b64encode
from functools import partial

import streamlit as st

from matcher.domain.consent import Relation, SeenMatch
from matcher.domain.listening import Source
from matcher.ports import Listener
from ui import texts
from ui.actions import between_listeners
from ui.html import draw, html, markup
from ui.pages.match import words
from ui.shared import share_card
from ui.shared.share_card import ShareCard


def show(me: Listener, match: SeenMatch) -> None:
    """The offer to draw it, or the card with its download."""
    more = html('<p class="es-more">{}</p>', words.CARD_MORE)
    draw(html('<h2 class="es-heading">{}</h2>{}', words.CARD, more))
    wanted = f"share_{match.listener_id}"
    if not between_listeners.is_asked(wanted):
        st.button(words.DRAW, key="draw_card", on_click=partial(between_listeners.ask_whether, wanted))
        return
    named = match.cards and st.toggle(words.NAME_THEM, key="name_them")
    if match.relation is Relation.CONNECTED and not match.cards:
        draw(html('<p class="es-more">{}</p>', words.CARD_NOT_ALLOWED))
    card = card_of(me, match, named)
    png = share_card.draw_card(card)
    address, told = f"data:image/png;base64,{b64encode(png).decode()}", share_card.describe(card)
    image = '<img class="es-share" src="{}" alt="{}" width="1200" height="630">'
    draw(html(image, address, markup.attribute(told)))
    st.download_button(
        words.CARD_DOWNLOAD, png, words.CARD_FILE, "image/png", key="take_card", on_click="ignore"
    )


def card_of(me: Listener, match: SeenMatch, named: bool) -> ShareCard:
    """What may stand on the card.

    A band, and nobody is named but me. Of the connected who allow it the percentage, and their alias if the
    one who shares the card wants that. What both hear stands there as far as the other shows it.
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
