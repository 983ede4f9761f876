"""People: requests, connections, hidden and blocked listeners."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.domain.consent import Relation
from matcher.domain.listening import Source
from matcher.errors import ModelError
from matcher.ports import Blocked, Contact
from ui import clock, texts
from ui.actions import between_listeners, connecting, outcome
from ui.html import EMPTY, confirm, controls, draw, html, markup
from ui.pages.people import actions, words
from ui.request import Request
from ui.screen import address
from ui.shared import notice
from ui.shared.card import disc, label
from ui.texts.grammar import at

_PLACE = "people"
_SINCE = {
    Relation.ASKED_BY_THEM: words.ASKS_ME,
    Relation.ASKED_BY_ME: words.ASKED,
    Relation.CONNECTED: words.CONNECTED_SINCE,
}
_PANELS = (
    (Relation.ASKED_BY_THEM, "requests", words.REQUESTS, words.NO_REQUESTS),
    (Relation.CONNECTED, "connected", words.CONNECTED, words.NO_CONNECTED),
    (Relation.ASKED_BY_ME, "waiting", words.WAITING, ""),
)


def show(request: Request) -> None:
    """Draw the screen; needs no profile, so that everyone can answer and end."""
    people, key = request.application.people, request.listener_id
    known, blocked = people.see_contacts(key), people.blocked(key)
    n_hidden = _n_hidden(request)
    draw(markup.title(words.TITLE, words.LEAD))
    notice.tell(request, _PLACE)
    for relation, name, heading, nobody in _PANELS:
        _show_contacts(request, [one for one in known if one.relation is relation], name, heading, nobody)
    with st.container(key="halves_away", horizontal=True):
        _show_hidden(request, n_hidden)
        _show_blocked(request, blocked)


def _show_contacts(request: Request, found: Sequence[Contact], name: str, heading: str, nobody: str) -> None:
    if not (found or nobody):
        return
    with markup.panel(name, heading, "" if found else nobody):
        if found:
            draw(markup.lines(markup.line(_who(one), *_controls(request, one)) for one in found))


def _n_hidden(request: Request) -> int:
    try:
        return len(request.application.browsing.dismissed(request.listener_id))
    except ModelError:  # hiding is by model
        return 0


def _show_hidden(request: Request, n: int) -> None:
    with markup.panel("hidden", words.HIDDEN, words.HIDDEN_MORE.format(n=n) if n else words.NO_HIDDEN):
        if n:
            draw(controls.row(controls.button(request, words.UNHIDE, "unhide", partial(_unhide, request))))


def _unhide(request: Request) -> None:
    def action(now: Request) -> outcome.Outcome:
        now.application.browsing.undo_dismissals(now.listener_id)
        return outcome.Outcome(words.UNHIDDEN)

    outcome.perform(request, _PLACE, action)


def _show_blocked(request: Request, blocked: Sequence[Blocked]) -> None:
    with markup.panel("blocked", words.BLOCKED, "" if blocked else words.NO_BLOCKED):
        if blocked:
            buttons = (_button(request, _UNBLOCK, one.listener_id, one.alias) for one in blocked)
            draw(markup.lines(map(markup.line, map(_since, blocked), buttons)))


def _since(blocked: Blocked) -> Markup:
    return _line(blocked.alias, at(words.BLOCKED_SINCE, clock.here(blocked.blocked_at_utc)))


def _controls(request: Request, contact: Contact) -> Iterator[Markup]:
    """Buttons of a contact, or the open confirmation."""
    key, question = contact.listener_id, f"end_{contact.listener_id}"
    if confirm.is_asked(question):
        end = partial(_perform, request, actions.withdraw, key)
        yield confirm.answers(request, replace(_END, of=contact.alias), question, end)
        return
    if contact.in_sight:
        named = texts.card.named(texts.card.OPEN, contact.alias)
        yield markup.link(texts.card.OPEN, address("match", listener=key), "es-way", named)
    if contact.relation is Relation.CONNECTED:
        yield confirm.button(request, replace(_END, of=contact.alias), question)
    elif contact.relation is Relation.ASKED_BY_ME:
        yield _button(request, _TAKE_BACK, key, contact.alias)
    else:
        yield _button(request, _AGREE, key, contact.alias)
        yield _button(request, _DECLINE, key, contact.alias)


_Action = Callable[[Request, str], outcome.Outcome]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A button beside a listener."""

    key: str
    label: str
    action: _Action


_END = confirm.Question(words.END, words.END_SURE, words.END_YES, "")
_UNBLOCK = _Choice("unblock", words.UNBLOCK, actions.unblock)
_TAKE_BACK = _Choice("take_back", words.TAKE_BACK, actions.withdraw)
_AGREE = _Choice("agree", words.AGREE, connecting.agree)
_DECLINE = _Choice("decline", words.DECLINE, actions.decline)


def _button(request: Request, choice: _Choice, other_id: str, alias: str) -> Markup:
    do = partial(_perform, request, choice.action, other_id)
    named = texts.card.named(choice.label, alias)
    return controls.button(request, choice.label, f"{choice.key}_{other_id}", do, named=named)


def _perform(request: Request, action: _Action, other_id: str) -> None:
    between_listeners.perform(request, _PLACE, lambda now: action(now, other_id))


def _who(contact: Contact) -> Markup:
    told = at(_SINCE[contact.relation], clock.here(contact.since_utc))
    if not contact.in_sight:
        told = f"{told} · {words.OUT_OF_SIGHT}"
    synthetic = contact.source is Source.SYNTHETIC
    badge = html(" {}", label(texts.card.SYNTHETIC, texts.card.SYNTHETIC_MORE)) if synthetic else EMPTY
    url = contact.profile_url
    link = html(" · {}", markup.outward(words.SPOTIFY_PROFILE, url)) if url else EMPTY
    return _line(contact.alias, told, badge, link)


def _line(alias: str, told: str, badge: Markup = EMPTY, link: Markup = EMPTY) -> Markup:
    return html(
        '<div class="es-person">{}<div><b>{}</b>{}<small>{}{}</small></div></div>',
        *(disc(alias), markup.name(alias), badge, told, link),
    )
