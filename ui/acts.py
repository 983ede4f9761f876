"""What buttons between listeners do. Each looks the session up again, since the button may be old."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from matcher.errors import EarshotError
from matcher.feedback import Deed
from matcher.ports import ReportReason
from ui.visit import Visit, current_visit

if TYPE_CHECKING:
    from wiring.build import Application


def connect(application: "Application", other_id: str) -> None:
    """Ask to connect, or agree to what the other has asked."""

    def act(visit: Visit) -> None:
        visit.application.people.ask_to_connect(visit.listener_id, other_id)
        visit.note(other_id, Deed.CONNECTED)

    _for_who_is_there(application, act)


def withdraw(application: "Application", other_id: str) -> None:
    """Take back a request, decline one, or end a connection."""
    unsure(f"disconnect_{other_id}")
    _for_who_is_there(
        application, lambda visit: visit.application.people.withdraw(visit.listener_id, other_id)
    )


def dismiss(application: "Application", other_id: str) -> None:
    """Not to be proposed again by the model in service."""
    _for_who_is_there(application, lambda visit: visit.note(other_id, Deed.DISMISSED))


def undo_dismissals(application: "Application") -> None:
    """Let everybody be proposed again who was dismissed."""
    _for_who_is_there(
        application, lambda visit: visit.application.browsing.undo_dismissals(visit.listener_id)
    )


def block(application: "Application", other_id: str) -> None:
    """Neither sees the other any more."""
    unsure(f"block_{other_id}")
    _for_who_is_there(application, lambda visit: visit.application.people.block(visit.listener_id, other_id))


def report(application: "Application", other_id: str, reason: ReportReason) -> None:
    """Tell the operator about somebody."""

    def act(visit: Visit) -> None:
        visit.application.people.report(visit.listener_id, other_id, reason)
        st.session_state[f"reported_{other_id}"] = True

    _for_who_is_there(application, act)


def ask_whether(question: str) -> None:
    """Ask for confirmation in place: `is_asked` is true from the next run on."""
    st.session_state[question] = True


def unsure(question: str) -> None:
    """No longer ask for confirmation."""
    st.session_state.pop(question, None)


def is_asked(question: str) -> bool:
    """Whether confirmation is being asked for."""
    return bool(st.session_state.get(question))


def _for_who_is_there(application: "Application", act: Callable[[Visit], object]) -> None:
    with suppress(EarshotError):  # the run that follows shows how things are
        if visit := current_visit(application):
            act(visit)
