"""The buttons with which one acts on another listener, as HTML."""

from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from ui import texts
from ui.actions import between_listeners
from ui.html import EMPTY, controls, html, markup
from ui.request import Request
from ui.screen import address
from ui.texts import connecting

words = texts.card


def for_card(request: Request, other_id: str, relation: Relation, seen: bool = True) -> Markup:
    """Open, connect, hide, block: the row under a card.

    `seen` is whether the one who looks can be found: whoever cannot is told at the button what asking shows.
    """
    place = between_listeners.at_card(other_id)
    if between_listeners.is_asked(f"block_{other_id}"):
        return sure_to_block(request, place, other_id)
    more = "" if seen else connecting.BESIDE[relation]
    hide = partial(between_listeners.dismiss, request.application, place, other_id)
    return controls.row(
        markup.link(words.OPEN, address("match", listener=other_id), "es-button"),
        connection(request, place, other_id, relation, more),
        controls.button(request, words.HIDE, f"hide_{other_id}", hide, controls.PLAIN),
        ask_to_block(request, other_id),
    )


def connection(request: Request, place: str, other_id: str, relation: Relation, more: str = "") -> Markup:
    """What one can do about a connection, as it stands; ending one is asked for on the match's own page.

    Args:
        request: who looks.
        place: where it is told what came of it.
        other_id: on whom.
        relation: how the two stand.
        more: what is to be known before asking or agreeing, at the button.
    """
    ask, agree, take_back = (
        partial(one, request.application, place, other_id)
        for one in (between_listeners.ask, between_listeners.agree, between_listeners.withdraw)
    )
    key = place if place == between_listeners.at_card(other_id) else f"{place}_{other_id}"
    if relation is Relation.STRANGERS:
        return controls.button(request, words.CONNECT, f"connect_{key}", ask, more=more)
    if relation is Relation.ASKED_BY_ME:
        return controls.button(request, words.WITHDRAW, f"withdraw_{key}", take_back)
    if relation is Relation.ASKED_BY_THEM:
        yes = controls.button(request, words.AGREE, f"agree_{key}", agree, controls.MAIN, more)
        return yes + controls.button(request, words.DECLINE, f"decline_{key}", take_back)
    return EMPTY


def ask_to_block(request: Request, other_id: str) -> Markup:
    """The button that asks whether one means it."""
    do = partial(between_listeners.ask_whether, f"block_{other_id}")
    return controls.button(request, words.BLOCK, f"ask_block_{other_id}", do, controls.PLAIN)


def sure_to_block(request: Request, place: str, other_id: str) -> Markup:
    """The question whether one means it, with both answers; that it failed is told at the place."""
    do = partial(between_listeners.block, request.application, place, other_id)
    return sure(request, words.REALLY_BLOCK, words.YES_BLOCK, f"block_{other_id}", do)


def sure(request: Request, told: str, yes: str, question: str, do: "partial[None]") -> Markup:
    """A question in place, with the answer that does it and the one that does not."""
    keep = partial(between_listeners.unsure, question)
    return controls.row(
        html('<p class="es-sure" role="alert">{}</p>', told),
        controls.button(request, yes, f"yes_{question}", do, controls.MAIN),
        controls.button(request, words.KEEP, f"no_{question}", keep),
    )
