"""The buttons with which one acts on another listener."""

from functools import partial

import streamlit as st

from matcher.consent import Relation
from ui import acts, markup, texts
from ui.screen import link_to
from ui.visit import Visit

words = texts.card


def for_card(visit: Visit, other_id: str, relation: Relation) -> None:
    """Open, connect, hide, block: a row under a card."""
    with st.container(key=f"deeds_{other_id}", horizontal=True, vertical_alignment="center"):
        if acts.is_asked(f"block_{other_id}"):
            sure_to_block(visit, other_id)
            return
        link_to("match", words.OPEN, listener=other_id)
        connection(visit, other_id, relation, "card")
        st.button(
            words.HIDE,
            key=f"hide_{other_id}",
            type="tertiary",
            on_click=partial(acts.dismiss, visit.application, other_id),
        )
        ask_to_block(other_id)


def connection(visit: Visit, other_id: str, relation: Relation, place: str) -> None:
    """What one can do about a connection, as it stands; ending one is asked for on the match's own page."""
    agree, take_back = (partial(one, visit.application, other_id) for one in (acts.connect, acts.withdraw))
    if relation is Relation.STRANGERS:
        st.button(words.CONNECT, key=f"connect_{place}_{other_id}", on_click=agree)
    elif relation is Relation.ASKED_BY_ME:
        st.button(words.WITHDRAW, key=f"withdraw_{place}_{other_id}", on_click=take_back)
    elif relation is Relation.ASKED_BY_THEM:
        st.button(words.AGREE, key=f"agree_{place}_{other_id}", type="primary", on_click=agree)
        st.button(words.DECLINE, key=f"decline_{place}_{other_id}", on_click=take_back)


def ask_to_block(other_id: str) -> None:
    """The button that asks whether one means it."""
    st.button(
        words.BLOCK,
        key=f"ask_block_{other_id}",
        type="tertiary",
        on_click=partial(acts.ask_whether, f"block_{other_id}"),
    )


def sure_to_block(visit: Visit, other_id: str) -> None:
    """The question whether one means it, with both answers."""
    do = partial(acts.block, visit.application, other_id)
    sure(words.REALLY_BLOCK, words.YES_BLOCK, f"block_{other_id}", do)


def sure(told: str, yes: str, question: str, do: "partial[None]") -> None:
    """A question in place, with the answer that does it and the one that does not."""
    st.html(f'<p class="es-sure" role="alert">{markup.text(told)}</p>', width="content")
    st.button(yes, key=f"yes_{question}", type="primary", on_click=do)
    st.button(words.KEEP, key=f"no_{question}", on_click=partial(acts.unsure, question))
