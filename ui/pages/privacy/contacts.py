"""Privacy: connections, requests, and blocks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from matcher.domain.listening import Source
from matcher.ports import Blocked, Contact
from ui import clock, texts
from ui.actions import between_listeners, connecting, outcome
from ui.html import EMPTY, confirm, controls, draw, html, markup
from ui.pages.privacy import actions, words
from ui.request import Request
from ui.screen import address
from ui.shared import notice
from ui.shared.card import disc, label
from ui.texts.grammar import at

_SINCE = {
    Relation.ASKED_BY_THEM: words.ASKS_ME,
    Relation.ASKED_BY_ME: words.ASKED,
    Relation.CONNECTED: words.CONNECTED_SINCE,
}
_ORDER = tuple(_SINCE)


def show(request: Request, contacts: Sequence[Contact]) -> None:
    """Draw requests to the listener, own requests, and connections."""
    with markup.panel("people", words.PEOPLE, "" if contacts else words.NO_PEOPLE):
        notice.tell(request, "people")
        known = sorted(contacts, key=lambda one: _ORDER.index(one.relation))
        if known:
            draw(markup.lines(markup.line(_who(one), *_controls(request, one)) for one in known))


def show_blocked(request: Request, blocked: Sequence[Blocked]) -> None:
    """Draw blocked listeners."""
    with markup.panel("blocked", words.BLOCKED, "" if blocked else words.NO_BLOCKED):
        notice.tell(request, "blocked")
        if blocked:
            buttons = (_button(request, _UNBLOCK, one.listener_id) for one in blocked)
            draw(markup.lines(map(markup.line, map(_since, blocked), buttons)))


def _since(blocked: Blocked) -> Markup:
    return _line(blocked.alias, at(words.BLOCKED_SINCE, clock.here(blocked.blocked_at_utc)))


def _controls(request: Request, contact: Contact) -> Iterator[Markup]:
    """Buttons of a contact, or the open confirmation."""
    key, question = contact.listener_id, f"end_{contact.listener_id}"
    if confirm.is_asked(question):
        end = partial(_perform, request, "people", actions.withdraw, key)
        yield confirm.answers(request, _END, question, end)
        return
    if contact.in_sight:
        yield markup.link(texts.card.OPEN, address("match", listener=key), "es-way")
    if contact.relation is Relation.CONNECTED:
        yield confirm.button(request, _END, question)
    elif contact.relation is Relation.ASKED_BY_ME:
        yield _button(request, _TAKE_BACK, key)
    else:
        yield _button(request, _AGREE, key)
        yield _button(request, _DECLINE, key)


_Action = Callable[[Request, str], outcome.Outcome]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A button beside a listener; its outcome is shown at `place`."""

    key: str
    place: str
    label: str
    action: _Action


_END = confirm.Question(words.END, words.END_SURE, words.END_YES, "")
_UNBLOCK = _Choice("unblock", "blocked", words.UNBLOCK, actions.unblock)
_TAKE_BACK = _Choice("take_back", "people", words.TAKE_BACK, actions.withdraw)
_AGREE = _Choice("agree", "people", words.AGREE, connecting.agree)
_DECLINE = _Choice("decline", "people", words.DECLINE, actions.decline)


def _button(request: Request, choice: _Choice, other_id: str) -> Markup:
    do = partial(_perform, request, choice.place, choice.action, other_id)
    return controls.button(request, choice.label, f"{choice.key}_{other_id}", do)


def _perform(request: Request, place: str, action: _Action, other_id: str) -> None:
    between_listeners.perform(request, place, lambda now: action(now, other_id))


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
