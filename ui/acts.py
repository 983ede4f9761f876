"""What buttons between listeners do. What came of it, if it is to be told, waits at a place on the page."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from matcher.browsing.feedback import Deed
from matcher.ports import ReportReason
from ui import decisions, messages
from ui.decisions import Told, connecting
from ui.visit import Visit

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
    _act(application, place, lambda visit: visit.application.people.withdraw(visit.listener_id, other_id))


def dismiss(application: "Application", place: str, other_id: str) -> None:
    """Not to be proposed again by the model in service."""
    _act(application, place, lambda visit: visit.note(other_id, Deed.DISMISSED))


def undo_dismissals(application: "Application") -> None:
    """Let everybody be proposed again who was dismissed."""
    _act(application, LIST, lambda visit: visit.application.browsing.undo_dismissals(visit.listener_id))


def block(application: "Application", place: str, other_id: str) -> None:
    """Neither sees the other any more."""
    unsure(f"block_{other_id}")
    _act(application, place, lambda visit: visit.application.people.block(visit.listener_id, other_id))


def report(application: "Application", place: str, other_id: str, reason: ReportReason) -> None:
    """Tell the operator about somebody."""

    def deed(visit: Visit) -> None:
        visit.application.people.report(visit.listener_id, other_id, reason)
        st.session_state[f"reported_{other_id}"] = True

    _act(application, place, deed)


def tell(visit: Visit, place: str) -> None:
    """Draw what waits at a place, if anything does; it waits no longer."""
    decisions.tell(visit, decisions.take(place))


def tell_of_others(visit: Visit, shown: Collection[str]) -> None:
    """Draw what waits at cards that are not shown any more: those of whoever is not among these ids."""
    for place in decisions.waiting(_CARD):
        if place.removeprefix(_CARD) not in shown:
            tell(visit, place)


def ask_whether(question: str) -> None:
    """Ask for confirmation in place: `is_asked` is true from the next run on."""
    st.session_state[question] = True


def unsure(question: str) -> None:
    """No longer ask for confirmation."""
    st.session_state.pop(question, None)


def is_asked(question: str) -> bool:
    """Whether confirmation is being asked for."""
    return bool(st.session_state.get(question))


def _act(application: "Application", place: str, deed: "decisions.Doing") -> None:
    def told(visit: Visit) -> Told | None:
        done = deed(visit)
        return done if isinstance(done, Told) else None

    decisions.act(application, place, told, messages.message_between)
