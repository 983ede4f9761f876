"""What buttons do: each looks the session up again, as it may be old, and leaves an outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from matcher.domain.consent import SeenMatch
from matcher.errors import EarshotError
from ui import messages
from ui.messages import Message
from ui.request import Request, current_request

READING = "problem"
"""The place of why reading the library could not begin or be stopped."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a button, shown once, in the run that follows.

    Attributes:
        title: a few words.
        more: a sentence or two.
        fresh: ids of listeners to mark as new.
        problem: what went wrong in place of all that, if anything did.
        finish: completes it with the nearest listeners, which the page that shows it finds anyway.
    """

    title: str = ""
    more: str = ""
    fresh: frozenset[str] = frozenset()
    problem: Message | None = None
    finish: Callable[[Sequence[SeenMatch]], "Outcome"] | None = None


Action = Callable[[Request], object]
"""Does something for a listener who is signed in. An `Outcome` it returns is shown, or what it raises."""

Say = Callable[[EarshotError], Message]
"""An error in the words of a listener."""


def perform(request: Request, place: str, action: Action, say: Say = messages.message_for) -> None:
    """Do it for the listener who is signed in now, if any; the outcome waits at `place`."""
    done: object = None
    try:
        if now := current_request(request.application):
            done = action(now)
    except EarshotError as error:
        done = Outcome(problem=say(error))
    if isinstance(done, Outcome):
        st.session_state[_key(place)] = done


def refresh(request: Request) -> None:
    """Read the library, unless that is going on already."""
    perform(request, READING, Request.start_sync)


def stop_reading(request: Request) -> None:
    """Stop reading the library."""
    perform(request, READING, lambda now: now.application.syncs.stop(now.listener_id))


def take(place: str) -> Outcome | None:
    """What waits at a place; it waits no longer."""
    found: Outcome | None = st.session_state.pop(_key(place), None)
    return found


def waiting(start: str) -> list[str]:
    """Places that begin so at which something waits."""
    found = [str(key) for key in st.session_state if str(key).startswith(_key(start))]
    return [key.removeprefix(_key("")) for key in found]


def forget() -> None:
    """Drop whatever waits: an outcome does not outlive the listener's session."""
    for place in waiting(""):
        take(place)


def _key(place: str) -> str:
    return f"told_{place}"
