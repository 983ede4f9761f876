"""Buttons for acting on another listener."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from ui import texts
from ui.actions import between_listeners
from ui.html import EMPTY, confirm, controls, html, markup
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
    first_as: str = "",
) -> Markup:
    """Row of buttons under a card: open, connect (if `may_ask`), hide, block.

    `seen`: whether the viewer can be found; if not, the button explains what a request reveals. `alias` is
    read aloud with each button. `first_as`: the alias of a hidden viewer who is asked, before their first
    request, whether to be found.
    """
    place = between_listeners.at_card(other_id)
    if confirm.is_asked(f"block_{other_id}"):
        return block(request, place, other_id, alias)
    first_as = first_as if relation is Relation.STRANGERS else ""
    if first_as and confirm.is_asked(_first(other_id)):
        return _first_ask(request, place, other_id, first_as)
    more = "" if seen else connecting.BESIDE[relation]
    hide = partial(between_listeners.dismiss, request, place, other_id)
    connect = connection(request, place, other_id, relation, more, alias) if may_ask else EMPTY
    if first_as and may_ask:
        question = partial(controls.remember, _first(other_id))
        named = words.named(words.CONNECT, alias)
        connect = controls.button(
            request, words.CONNECT, f"connect_{place}", question, more=more, named=named
        )
    return controls.row(
        markup.link(
            words.OPEN, address("match", listener=other_id), "es-button", words.named(words.OPEN, alias)
        ),
        connect,
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


def _first(other_id: str) -> str:
    return f"first_{between_listeners.at_card(other_id)}"


def _first_ask(request: Request, place: str, other_id: str, alias: str) -> Markup:
    """The question before the first request: what the other will see, and whether to be found by all."""

    def ask(show_me: bool) -> None:
        controls.remember(_first(other_id), False)
        between_listeners.ask_first(request, place, other_id, show_me)

    later = partial(controls.remember, _first(other_id), False)
    told = connecting.FIRST_ASK.format(alias=markup.isolated(alias))
    return controls.row(
        html('<p class="es-sure" role="alert">{}</p>', told),
        controls.button(request, connecting.ASK_AND_SHOW, f"show_{place}", partial(ask, True), controls.MAIN),
        controls.button(request, connecting.ASK_HIDDEN, f"ask_{place}", partial(ask, False)),
        controls.button(request, connecting.NOT_NOW, f"later_{place}", later, controls.PLAIN),
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
