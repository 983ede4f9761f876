"""Privacy: connections, requests, and whom one has blocked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from matcher.domain.listening import Source
from matcher.ports import Blocked, Contact
from ui import clock, messages, texts
from ui.actions import between_listeners, connecting, outcome
from ui.actions.buttons import sure
from ui.html import EMPTY, controls, draw, html, markup
from ui.html.panel import line, lines, panel
from ui.pages.privacy import actions as deeds
from ui.pages.privacy import words
from ui.request import Request
from ui.screen import address
from ui.shared.card import disc, label

_SINCE = {
    Relation.ASKED_BY_THEM: words.ASKS_ME,
    Relation.ASKED_BY_ME: words.ASKED,
    Relation.CONNECTED: words.CONNECTED_SINCE,
}
_ORDER = tuple(_SINCE)


def show(request: Request, contacts: Sequence[Contact]) -> None:
    """Who asks, whom I have asked, and with whom I am connected, in this order."""
    with panel("people", words.PEOPLE, "" if contacts else words.NO_PEOPLE):
        outcome.tell(request, outcome.take("people"))
        known = sorted(contacts, key=lambda one: _ORDER.index(one.relation))
        if known:
            draw(lines(line(_who(one), *_controls(request, one)) for one in known))


def show_blocked(request: Request, blocked: Sequence[Blocked]) -> None:
    """Whom I have blocked."""
    with panel("blocked", words.BLOCKED, "" if blocked else words.NO_BLOCKED):
        outcome.tell(request, outcome.take("blocked"))
        if blocked:
            draw(lines(line(_since(one), _button(request, _UNBLOCK, one.listener_id)) for one in blocked))


def _since(blocked: Blocked) -> Markup:
    return _line(blocked.alias, words.dated(words.BLOCKED_SINCE, clock.here(blocked.blocked_at_utc)))


def _controls(request: Request, contact: Contact) -> Iterator[Markup]:
    """What one can do about it, as HTML; where that is being asked, whether one means to end it."""
    key, question = contact.listener_id, f"end_{contact.listener_id}"
    if between_listeners.is_asked(question):
        yield sure(request, words.END_SURE, words.END_YES, question, partial(_end, request, key))
        return
    if contact.in_sight:
        yield markup.link(texts.card.OPEN, address("match", listener=key), "es-way")
    if contact.relation is Relation.CONNECTED:
        yield controls.button(
            request, words.END, f"ask_{question}", partial(between_listeners.ask_whether, question)
        )
    elif contact.relation is Relation.ASKED_BY_ME:
        yield _button(request, _TAKE_BACK, key)
    else:
        yield _button(request, _AGREE, key)
        yield _button(request, _DECLINE, key)


def _end(request: Request, other_id: str) -> None:
    between_listeners.unsure(f"end_{other_id}")
    _act(request, "people", deeds.withdraw, other_id)


_Deed = Callable[[Request, str], outcome.Told]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A button beside a listener: its key, where its outcome is told, what it says and does."""

    key: str
    place: str
    label: str
    deed: _Deed


_UNBLOCK = _Choice("unblock", "blocked", words.UNBLOCK, deeds.unblock)
_TAKE_BACK = _Choice("take_back", "people", words.TAKE_BACK, deeds.withdraw)
_AGREE = _Choice("agree", "people", words.AGREE, connecting.agree)
_DECLINE = _Choice("decline", "people", words.DECLINE, deeds.decline)


def _button(request: Request, choice: _Choice, other_id: str) -> Markup:
    do = partial(_act, request, choice.place, choice.deed, other_id)
    return controls.button(request, choice.label, f"{choice.key}_{other_id}", do)


def _act(request: Request, place: str, deed: _Deed, other_id: str) -> None:
    outcome.act(request.application, place, lambda now: deed(now, other_id), messages.message_between)


def _who(contact: Contact) -> Markup:
    told = words.dated(_SINCE[contact.relation], clock.here(contact.since_utc))
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
