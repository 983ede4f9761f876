"""Asking and accepting; the outcome depends on which of the two can be found."""

from contextlib import suppress

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.consent import Relation
from matcher.errors import EarshotError
from ui.actions.outcome import Outcome
from ui.request import Request
from ui.texts import connecting as words


def ask(request: Request, other_id: str) -> Outcome | None:
    """Ask to connect; tell hidden listeners what the request reveals."""
    people, me = request.application.people, request.listener_id
    relation = people.ask_to_connect(me, other_id)
    _note(request, other_id)
    if relation is Relation.CONNECTED or people.choices(me).in_sight:
        return None
    return Outcome(words.ASKED, words.ASKED_UNSEEN)


def agree(request: Request, other_id: str) -> Outcome:
    """Accept a request; never creates one."""
    people, me = request.application.people, request.listener_id
    people.agree_to_connect(me, other_id)
    _note(request, other_id)
    theirs = any(one.in_sight for one in people.contacts(me) if one.listener_id == other_id)
    return Outcome(words.CONNECTED, words.CONNECTED_MORE[people.choices(me).in_sight, theirs])


def _note(request: Request, other_id: str) -> None:
    with suppress(EarshotError):  # only feedback for training; the connection stands without it
        request.note(other_id, FeedbackAction.CONNECTED)
