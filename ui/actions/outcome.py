"""What buttons do: each looks the session up again, as the button may be old, and tells what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from matcher.domain.consent import SeenMatch
from matcher.errors import EarshotError
from ui import messages
from ui.messages import Message
from ui.request import Request, current_request
from ui.shared import notice

if TYPE_CHECKING:
    from wiring.bootstrap import Application


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a button, told once, in the run that follows.

    Attributes:
        title: a few words.
        more: a sentence or two.
        fresh: ids of listeners to mark as new.
        problem: what went wrong in place of all that, if anything did.
        finish: what completes it with the nearest listeners, which the page that tells it finds anyway.
    """

    title: str = ""
    more: str = ""
    fresh: frozenset[str] = frozenset()
    problem: Message | None = None
    finish: Callable[[Sequence[SeenMatch]], "Told"] | None = None

    def with_nearest(self, nearest: Sequence[SeenMatch]) -> "Told":
        """The same, complete."""
        return self if self.finish is None else self.finish(nearest)


Doing = Callable[[Request], object]
"""Does something for whoever is signed in."""

Deed = Callable[[Request], Told | None]
"""Likewise, and says what came of it; what it raises is told as a problem."""

Say = Callable[[EarshotError], Message]
"""An error in the words of a listener."""


def act(application: "Application", place: str, deed: Deed, say: Say = messages.message_for) -> None:
    """Do it for whoever is signed in now; nothing where nobody is. What came of it waits at `place`."""
    try:
        request = current_request(application)
        told = deed(request) if request else None
    except EarshotError as error:
        told = Told(problem=say(error))
    if told is not None:
        st.session_state[_key(place)] = told


def take(place: str) -> Told | None:
    """What waits to be told at a place; it waits no longer."""
    told: Told | None = st.session_state.pop(_key(place), None)
    return told


def waiting(start: str) -> list[str]:
    """Places that begin so at which something waits to be told."""
    found = [str(key) for key in st.session_state if str(key).startswith(_key(start))]
    return [key.removeprefix(_key("")) for key in found]


def forget() -> None:
    """Let nothing wait any more: what was told to somebody does not outlive their session."""
    for key in [key for key in st.session_state if str(key).startswith(_key(""))]:
        del st.session_state[key]


def tell(request: Request, told: Told | None) -> None:
    """Draw what came of a button, if anything did."""
    if told is None:
        return
    if told.problem is not None:
        notice.show_to(request, told.problem)
    else:
        notice.done(told.title, told.more)


def _key(place: str) -> str:
    return f"told_{place}"
