"""Buttons for acting on another listener."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from ui import texts
from ui.actions import between_listeners
from ui.html import EMPTY, confirm, controls, markup
from ui.request import Request
from ui.screen import address
from ui.texts import connecting

words = texts.card
_BLOCK = confirm.Question(words.BLOCK, words.REALLY_BLOCK, words.YES_BLOCK)


def for_card(
    request: Request,
    other_id: str,
    relation: Relation,
    seen: bool = True,
    may_ask: bool = True,
    alias: str = "",
) -> Markup:
    """Row of buttons under a card: open, connect (if `may_ask`), hide, block.

    `seen`: whether the viewer can be found; if not, the button explains what a request reveals. `alias` is
    read aloud with each button.
    """
    place = between_listeners.at_card(other_id)
    if confirm.is_asked(f"block_{other_id}"):
        return block(request, place, other_id, alias)
    more = "" if seen else connecting.BESIDE[relation]
    hide = partial(between_listeners.dismiss, request, place, other_id)
    return controls.row(
        markup.link(
            words.OPEN, address("match", listener=other_id), "es-button", words.named(words.OPEN, alias)
        ),
        connection(request, place, other_id, relation, more, alias) if may_ask else EMPTY,
        controls.button(
            request,
            words.HIDE,
            f"hide_{other_id}",
            hide,
            controls.PLAIN,
            named=words.named(words.HIDE, alias),
        ),
        confirm.button(request, replace(_BLOCK, of=alias), f"block_{other_id}"),
    )


def connection(
    request: Request, place: str, other_id: str, relation: Relation, more: str = "", alias: str = ""
) -> Markup:
    """Buttons for the relation of two listeners, except for ending a connection.

    The outcome is shown at `place`; `more` is a hint at the buttons for asking and accepting; `alias` is read
    aloud with each.
    """
    ask, agree, take_back = (
        partial(one, request, place, other_id)
        for one in (between_listeners.ask, between_listeners.agree, between_listeners.withdraw)
    )
    key = place if place == between_listeners.at_card(other_id) else f"{place}_{other_id}"

    def button(name: str, label: str, do: Callable[[], None], css: str = "", hint: str = "") -> Markup:
        named = words.named(label, alias)
        return controls.button(request, label, f"{name}_{key}", do, css, hint, named)

    if relation is Relation.STRANGERS:
        return button("connect", words.CONNECT, ask, hint=more)
    if relation is Relation.ASKED_BY_ME:
        return button("withdraw", words.WITHDRAW, take_back)
    if relation is Relation.ASKED_BY_THEM:
        yes = button("agree", words.AGREE, agree, controls.MAIN, more)
        return yes + button("decline", words.DECLINE, take_back)
    return EMPTY


def block(request: Request, place: str, other_id: str, alias: str = "") -> Markup:
    """Block button with confirmation; an error is shown at `place`, and `alias` is read aloud with it."""
    do = partial(between_listeners.block, request, place, other_id)
    return confirm.ask(request, replace(_BLOCK, of=alias), f"block_{other_id}", do)
