"""Share card of the listener's own taste."""

from functools import partial

import streamlit as st

from matcher.domain.consent import Sharing
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.shown import shown_profile
from matcher.groups.discovery import strongest
from matcher.ports import Listener
from ui.html import controls, draw, html, markup
from ui.pages.taste import own_card_words as words
from ui.pictures import ShareCard
from ui.pictures.card import MOST_ARTISTS
from ui.request import Request
from ui.shared import share_card

SHOWN = "own_card_shown"
"""View state: whether the card is shown."""
_LOOKED_AT = 40
_COLOURING = 2  # tags that colour it


def show(request: Request, profile: ListenerProfile) -> None:
    """Draw the panel with a button, and the card with its download."""
    with st.container(key="own_card"):
        draw(markup.section(words.TITLE, html("<p>{}</p>", words.MORE)))
        is_shown = controls.is_remembered(SHOWN)
        turn = partial(controls.remember, SHOWN, not is_shown)
        st.button(words.HIDE if is_shown else words.SHOW, key="own_card_button", on_click=turn)
        if is_shown:
            _drawn(request, profile)


def card_of(
    listener: Listener, profile: ListenerProfile, sharing: Sharing, demo: bool = False, address: str = ""
) -> ShareCard:
    """Share card with the most heard artists that the listener shares."""
    shown = shown_profile(profile, sharing)
    keys = strongest(shown, "artists", _LOOKED_AT, {})
    names = [shown.names[key] for key in keys if key in shown.names][:MOST_ARTISTS]
    tags = tuple(strongest(shown, "tags", _COLOURING, {}))
    # in the demo all listeners are synthetic
    made_up = demo or listener.source is Source.SYNTHETIC
    return ShareCard(listener.alias, artists=tuple(names), tags=tags, address=address, synthetic=made_up)


def _drawn(request: Request, profile: ListenerProfile) -> None:
    sharing = request.application.people.choices(request.listener_id).sharing
    settings = request.application.settings
    card = card_of(request.listener(), profile, sharing, settings.demo, settings.public_url)
    share_card.show(request, card, "es-own-card", "own_card_file")
