"""Outcomes of actions, shown in the next run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from matcher.domain.consent import SeenMatch
from matcher.errors import EarshotError
from ui import messages
from ui.messages import Message
from ui.request import Request, current_request

READING = "problem"
"""Place for errors of starting and stopping a reading."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of an action, shown once in the next run.

    Attributes:
        title: a few words.
        more: a sentence or two.
        fresh: ids of listeners to mark as new.
        problem: error message, instead of the above.
        finish: completes the outcome with the nearest listeners, once the page has them.
    """

    title: str = ""
    more: str = ""
    fresh: frozenset[str] = frozenset()
    problem: Message | None = None
    finish: Callable[[Sequence[SeenMatch]], "Outcome"] | None = None


Action = Callable[[Request], object]
"""Acts for a signed-in listener; a returned `Outcome` or an error is shown."""

Say = Callable[[EarshotError], Message]
"""Turns an error into a message."""


def perform(request: Request, place: str, action: Action, say: Say = messages.message_for) -> None:
    """Perform an action for the signed-in listener; store its outcome for `place`."""
    done: object = None
    try:
        # looked up again: the session may have ended since the page was drawn
        if now := current_request(request.application):
            done = action(now)
    except EarshotError as error:
        done = Outcome(problem=say(error))
    if isinstance(done, Outcome):
        st.session_state[_key(place)] = done


def refresh(request: Request) -> None:
    """Start reading the library, unless that is running."""
    perform(request, READING, Request.start_sync)


def stop_reading(request: Request) -> None:
    """Stop reading the library."""
    perform(request, READING, lambda now: now.application.syncs.stop(now.listener_id))


def take(place: str) -> Outcome | None:
    """Remove and return the outcome at a place."""
    found: Outcome | None = st.session_state.pop(_key(place), None)
    return found


def waiting(start: str) -> list[str]:
    """Places with outcomes that start with `start`."""
    found = [str(key) for key in st.session_state if str(key).startswith(_key(start))]
    return [key.removeprefix(_key("")) for key in found]


def forget() -> None:
    """Drop all outcomes when a session ends."""
    for place in waiting(""):
        take(place)


def _key(place: str) -> str:
    return f"told_{place}"
