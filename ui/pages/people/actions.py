"""Actions of the page of people."""

from ui.actions.outcome import Outcome
from ui.pages.people import words
from ui.request import Request


def withdraw(request: Request, other_id: str) -> Outcome:
    """Take a request back, or end a connection."""
    request.application.people.withdraw(request.listener_id, other_id)
    return Outcome(words.WITHDRAWN)


def decline(request: Request, other_id: str) -> Outcome:
    """Decline a request, which then cannot be sent again for a while."""
    request.application.people.withdraw(request.listener_id, other_id)
    return Outcome(words.DECLINED, words.DECLINED_MORE)


def unblock(request: Request, other_id: str) -> Outcome:
    """Unblock a listener."""
    request.application.people.unblock(request.listener_id, other_id)
    return Outcome(words.UNBLOCKED, words.UNBLOCKED_MORE)
