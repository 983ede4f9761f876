"""The buttons with which one acts on another listener, as HTML."""

from functools import partial

from matcher.domain.consent import Relation
from ui import acts, markup, texts
from ui.components import press
from ui.screen import address
from ui.texts import connecting
from ui.visit import Visit

words = texts.card


def for_card(visit: Visit, other_id: str, relation: Relation, seen: bool = True) -> str:
    """Open, connect, hide, block: the row under a card.

    `seen` is whether the one who looks can be found: whoever cannot is told at the button what asking shows.
    """
    place = acts.at_card(other_id)
    if acts.is_asked(f"block_{other_id}"):
        return sure_to_block(visit, place, other_id)
    more = "" if seen else connecting.BESIDE[relation]
    hide = partial(acts.dismiss, visit.application, place, other_id)
    return press.row(
        markup.link(words.OPEN, address("match", listener=other_id), "es-button"),
        connection(visit, place, other_id, relation, more),
        press.button(visit, words.HIDE, f"hide_{other_id}", hide, press.PLAIN),
        ask_to_block(visit, other_id),
    )


def connection(visit: Visit, place: str, other_id: str, relation: Relation, more: str = "") -> str:
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
        return press.button(visit, words.CONNECT, f"connect_{key}", ask, more=more)
    if relation is Relation.ASKED_BY_ME:
        return press.button(visit, words.WITHDRAW, f"withdraw_{key}", take_back)
    if relation is Relation.ASKED_BY_THEM:
        yes = press.button(visit, words.AGREE, f"agree_{key}", agree, press.MAIN, more)
        return yes + press.button(visit, words.DECLINE, f"decline_{key}", take_back)
    return ""


def ask_to_block(visit: Visit, other_id: str) -> str:
    """The button that asks whether one means it."""
    do = partial(acts.ask_whether, f"block_{other_id}")
    return press.button(visit, words.BLOCK, f"ask_block_{other_id}", do, press.PLAIN)


def sure_to_block(visit: Visit, place: str, other_id: str) -> str:
    """The question whether one means it, with both answers; that it failed is told at the place."""
    do = partial(acts.block, visit.application, place, other_id)
    return sure(visit, words.REALLY_BLOCK, words.YES_BLOCK, f"block_{other_id}", do)


def sure(visit: Visit, told: str, yes: str, question: str, do: "partial[None]") -> str:
    """A question in place, with the answer that does it and the one that does not."""
    keep = partial(acts.unsure, question)
    return press.row(
        f'<p class="es-sure" role="alert">{markup.text(told)}</p>',
        press.button(visit, yes, f"yes_{question}", do, press.MAIN),
        press.button(visit, words.KEEP, f"no_{question}", keep),
    )
