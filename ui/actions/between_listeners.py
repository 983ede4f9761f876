"""Actions on other listeners; each outcome is shown at a place of the page."""

from functools import partial

from matcher.browsing.feedback import FeedbackAction
from matcher.ports import ReportReason
from ui import messages
from ui.actions import connecting, outcome
from ui.html import controls
from ui.request import Request

LIST, REQUESTS, MATCH, SAFETY, GROUPS = "list", "request", "match", "safety", "groups"
CARD = "card_"


def at_card(other_id: str) -> str:
    """Place of a listener's card."""
    return f"{CARD}{other_id}"


def ask(request: Request, place: str, other_id: str) -> None:
    """Ask to connect."""
    perform(request, place, partial(connecting.ask, other_id=other_id))


def ask_first(request: Request, place: str, other_id: str, show_me: bool) -> None:
    """Ask to connect for the first time; with `show_me`, be found by others from now on."""

    def action(now: Request) -> outcome.Outcome | None:
        people, me = now.application.people, now.listener_id
        if show_me:
            people.choose_discoverable(me, True)
        people.close_note(me)
        return connecting.ask(now, other_id)

    perform(request, place, action)


def agree(request: Request, place: str, other_id: str) -> None:
    """Accept a request."""
    perform(request, place, partial(connecting.agree, other_id=other_id))


def withdraw(request: Request, place: str, other_id: str) -> None:
    """Take back a request, decline one, or end a connection."""
    perform(request, place, lambda now: now.application.people.withdraw(now.listener_id, other_id))


def dismiss(request: Request, place: str, other_id: str) -> None:
    """Hide a match until the next model."""
    perform(request, place, lambda now: now.note(other_id, FeedbackAction.DISMISSED))


def undo_dismissals(request: Request) -> None:
    """Show all hidden matches again."""
    perform(request, LIST, lambda now: now.application.browsing.undo_dismissals(now.listener_id))


def block(request: Request, place: str, other_id: str) -> None:
    """Block a listener: neither sees the other any more."""
    perform(request, place, lambda now: now.application.people.block(now.listener_id, other_id))


def report(request: Request, place: str, other_id: str, reason: ReportReason) -> None:
    """Report a listener to the operator."""

    def action(now: Request) -> None:
        now.application.people.report(now.listener_id, other_id, reason)
        controls.remember(f"reported_{other_id}")

    perform(request, place, action)


def perform(request: Request, place: str, action: outcome.Action) -> None:
    """Perform an action; error messages reveal nothing about the other listener."""
    outcome.perform(request, place, action, messages.message_between)
