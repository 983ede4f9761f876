"""Actions of the privacy screen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from matcher.domain.consent import Switch as Shared
from matcher.ports import ErasureReceipt
from ui.actions.outcome import Outcome
from ui.pages.privacy import words
from ui.request import Request

_RECEIPT = "receipt"
Switch = Callable[[Request, bool], None]
"""Turns a switch on or off."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Receipt and time of an erasure, without personal data."""

    receipt: ErasureReceipt
    at_utc: datetime


def choose_discoverable(request: Request, wanted: bool) -> None:
    """Let the listener be found, or hide them."""
    request.application.people.choose_discoverable(request.listener_id, wanted)


def choose_alias(request: Request, wanted: str) -> Outcome:
    """Change the alias; raises as `People.choose_alias`."""
    request.application.people.choose_alias(request.listener_id, wanted)
    return Outcome(words.ALIAS_CHANGED, words.ALIAS_CHANGED_MORE)


def share(request: Request, switch: Shared, wanted: bool) -> None:
    """Share or hide artists, tracks, tags, the profile link, or cards."""
    request.application.people.share(request.listener_id, switch, wanted)


def share_facet(request: Request, facet_id: str, wanted: bool) -> None:
    """Share or hide one part of the library."""
    people = request.application.people
    (people.show_facet if wanted else people.hide_facet)(request.listener_id, facet_id)


def choose_training(request: Request, origin: str, agreed: bool) -> None:
    """Agree that models are trained on a source, or withdraw that."""
    request.application.people.choose_training(request.listener_id, origin, agreed)


def sign_out_there(request: Request, key: str) -> Outcome:
    """End a session in another browser; no error if it has ended."""
    request.application.sessions.end_there(request.listener_id, key)
    return Outcome(words.SIGNED_OUT_THERE, words.SIGNED_OUT_THERE_MORE)


def disconnect(request: Request) -> Outcome:
    """Delete Spotify's grant, and its sign-in where a recovery key is left."""
    has_key = request.application.has_key(request.listener_id)
    request.application.disconnect_spotify(request.listener_id)
    return Outcome(words.DISCONNECTED, words.DISCONNECTED_MORE_KEY if has_key else words.DISCONNECTED_MORE)


def erase(request: Request, typed: str) -> Outcome | None:
    """Erase everything if the words were typed; keep the receipt for this tab."""
    if " ".join(typed.split()).casefold() != words.ERASE_WORDS:
        return Outcome(words.NOT_ERASED, words.NOT_ERASED_MORE)
    request.application.syncs.stop(request.listener_id)
    receipt = request.application.people.erase(request.listener_id)
    st.session_state[_RECEIPT] = Erased(receipt, request.application.clock())
    return None


def erased() -> Erased | None:
    """The erasure requested in this tab, or None."""
    found: Erased | None = st.session_state.get(_RECEIPT)
    return found
