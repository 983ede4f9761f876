"""What buttons between listeners do. What came of it, if it is to be told, waits at a place on the page."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from matcher.browsing.feedback import Deed
from matcher.ports import ReportReason
from ui import messages
from ui.actions import connecting, outcome
from ui.actions.outcome import Told
from ui.request import Request

if TYPE_CHECKING:
    from wiring.bootstrap import Application

LIST, REQUESTS, MATCH, SAFETY, GROUPS = "list", "request", "match", "safety", "groups"
_CARD = "card_"


def at_card(other_id: str) -> str:
    """The place at somebody's card."""
    return f"{_CARD}{other_id}"


def ask(application: "Application", place: str, other_id: str) -> None:
    """Ask to connect."""
    _act(application, place, partial(connecting.ask, other_id=other_id))


def agree(application: "Application", place: str, other_id: str) -> None:
    """Agree to what the other has asked."""
    _act(application, place, partial(connecting.agree, other_id=other_id))


def withdraw(application: "Application", place: str, other_id: str) -> None:
    """Take back a request, decline one, or end a connection."""
    unsure(f"disconnect_{other_id}")
    _act(
        application, place, lambda request: request.application.people.withdraw(request.listener_id, other_id)
    )


def dismiss(application: "Application", place: str, other_id: str) -> None:
    """Not to be proposed again by the model in service."""
    _act(application, place, lambda request: request.note(other_id, Deed.DISMISSED))


def undo_dismissals(application: "Application") -> None:
    """Let everybody be proposed again who was dismissed."""
    _act(application, LIST, lambda request: request.application.browsing.undo_dismissals(request.listener_id))


def block(application: "Application", place: str, other_id: str) -> None:
    """Neither sees the other any more."""
    unsure(f"block_{other_id}")
    _act(application, place, lambda request: request.application.people.block(request.listener_id, other_id))


def report(application: "Application", place: str, other_id: str, reason: ReportReason) -> None:
    """Tell the operator about somebody."""

    def deed(request: Request) -> None:
        request.application.people.report(request.listener_id, other_id, reason)
        st.session_state[f"reported_{other_id}"] = True

    _act(application, place, deed)


def tell(request: Request, place: str) -> None:
    """Draw what waits at a place, if anything does; it waits no longer."""
    outcome.tell(request, outcome.take(place))


def tell_of_others(request: Request, shown: Collection[str]) -> None:
    """Draw what waits at cards that are not shown any more: those of whoever is not among these ids."""
    for place in outcome.waiting(_CARD):
        if place.removeprefix(_CARD) not in shown:
            tell(request, place)


def ask_whether(question: str) -> None:
    """Ask for confirmation in place: `is_asked` is true from the next run on."""
    st.session_state[question] = True


def unsure(question: str) -> None:
    """No longer ask for confirmation."""
    st.session_state.pop(question, None)


def is_asked(question: str) -> bool:
    """Whether confirmation is being asked for."""
    return bool(st.session_state.get(question))


def _act(application: "Application", place: str, deed: "outcome.Doing") -> None:
    def told(request: Request) -> Told | None:
        done = deed(request)
        return done if isinstance(done, Told) else None

    outcome.act(application, place, told, messages.message_between)
