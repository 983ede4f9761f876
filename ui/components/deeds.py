"""The buttons with which one acts on another listener."""

from functools import partial

import streamlit as st

from matcher.consent import Relation
from ui import acts, markup, texts
from ui.screen import link_to
from ui.texts import connecting
from ui.visit import Visit

words = texts.card


def for_card(visit: Visit, other_id: str, relation: Relation, seen: bool = True) -> None:
    """Open, connect, hide, block: a row under a card, and what came of the last of them.

    `seen` is whether the one who looks can be found: whoever cannot is told at the button what asking shows.
    """
    place = acts.at_card(other_id)
    with st.container(key=f"deeds_{other_id}", horizontal=True, vertical_alignment="center"):
        if acts.is_asked(f"block_{other_id}"):
            sure_to_block(visit, place, other_id)
        else:
            _choices(visit, other_id, relation, seen)
    acts.tell(visit, place)


def _choices(visit: Visit, other_id: str, relation: Relation, seen: bool) -> None:
    link_to("match", words.OPEN, listener=other_id)
    place = acts.at_card(other_id)
    connection(visit, place, other_id, relation, "" if seen else connecting.BESIDE[relation])
    hide = partial(acts.dismiss, visit.application, place, other_id)
    st.button(words.HIDE, key=f"hide_{other_id}", type="tertiary", on_click=hide)
    ask_to_block(other_id)


def connection(visit: Visit, place: str, other_id: str, relation: Relation, more: str = "") -> None:
    """What one can do about a connection, as it stands; ending one is asked for on the match's own page.

    Args:
        visit: who looks.
        place: where it is told what came of it.
        other_id: on whom.
        relation: how the two stand.
        more: what is to be known before asking or agreeing, at the button.
    """
    ask, agree, take_back = (
        partial(one, visit.application, place, other_id) for one in (acts.ask, acts.agree, acts.withdraw)
    )
    key = place if place == acts.at_card(other_id) else f"{place}_{other_id}"
    if relation is Relation.STRANGERS:
        st.button(words.CONNECT, key=f"connect_{key}", on_click=ask, help=more or None)
    elif relation is Relation.ASKED_BY_ME:
        st.button(words.WITHDRAW, key=f"withdraw_{key}", on_click=take_back)
    elif relation is Relation.ASKED_BY_THEM:
        st.button(words.AGREE, key=f"agree_{key}", type="primary", on_click=agree, help=more or None)
        st.button(words.DECLINE, key=f"decline_{key}", on_click=take_back)


def ask_to_block(other_id: str) -> None:
    """The button that asks whether one means it."""
    st.button(
        words.BLOCK,
        key=f"ask_block_{other_id}",
        type="tertiary",
        on_click=partial(acts.ask_whether, f"block_{other_id}"),
    )


def sure_to_block(visit: Visit, place: str, other_id: str) -> None:
    """The question whether one means it, with both answers; that it failed is told at the place."""
    do = partial(acts.block, visit.application, place, other_id)
    sure(words.REALLY_BLOCK, words.YES_BLOCK, f"block_{other_id}", do)


def sure(told: str, yes: str, question: str, do: "partial[None]") -> None:
    """A question in place, with the answer that does it and the one that does not."""
    st.html(f'<p class="es-sure" role="alert">{markup.text(told)}</p>', width="content")
    st.button(yes, key=f"yes_{question}", type="primary", on_click=do)
    st.button(words.KEEP, key=f"no_{question}", on_click=partial(acts.unsure, question))
