"""What the buttons of the screen “Privacy” do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from matcher.domain.consent import Switch as Shared
from matcher.ports import ErasureReceipt
from ui.decisions import Told
from ui.texts import privacy as words
from ui.visit import Visit

_RECEIPT = "receipt"
Switch = Callable[[Visit, bool], None]
"""What turning a switch does: on or off."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left to show of an erasure: counts, and when it was. Nothing of it is about anybody."""

    receipt: ErasureReceipt
    at_utc: datetime


def choose_discoverable(visit: Visit, wanted: bool) -> None:
    """Be found, or hide."""
    visit.application.people.choose_discoverable(visit.listener_id, wanted)


def pause(visit: Visit) -> None:
    """Be out of sight for a while."""
    visit.application.people.pause(visit.listener_id)


def resume(visit: Visit) -> None:
    """End the pause."""
    visit.application.people.resume(visit.listener_id)


def choose_alias(visit: Visit, wanted: str) -> Told:
    """Go by another alias; raises what `People.choose_alias` raises."""
    visit.application.people.choose_alias(visit.listener_id, wanted)
    return Told(words.ALIAS_CHANGED, words.ALIAS_CHANGED_MORE)


def share(visit: Visit, switch: Shared, wanted: bool) -> None:
    """Share artists, tracks, tags, the profile link or a place on cards, or keep them back."""
    visit.application.people.share(visit.listener_id, switch, wanted)


def share_facet(visit: Visit, facet_id: str, wanted: bool) -> None:
    """Show what stands in one part of the library, or keep it back."""
    people = visit.application.people
    (people.show_facet if wanted else people.hide_facet)(visit.listener_id, facet_id)


def withdraw(visit: Visit, other_id: str) -> Told:
    """Take a request back, or end a connection."""
    visit.application.people.withdraw(visit.listener_id, other_id)
    return Told(words.WITHDRAWN)


def decline(visit: Visit, other_id: str) -> Told:
    """Decline a request, which is then not sent again for a while."""
    visit.application.people.withdraw(visit.listener_id, other_id)
    return Told(words.DECLINED, words.DECLINED_MORE)


def unblock(visit: Visit, other_id: str) -> Told:
    """Take a block back."""
    visit.application.people.unblock(visit.listener_id, other_id)
    return Told(words.UNBLOCKED, words.UNBLOCKED_MORE)


def sign_out_there(visit: Visit, key: str) -> Told:
    """End a session of one's own in another browser; that it had ended already comes to the same."""
    visit.application.sessions.end_there(visit.listener_id, key)
    return Told(words.SIGNED_OUT_THERE, words.SIGNED_OUT_THERE_MORE)


def disconnect(visit: Visit) -> Told:
    """Wipe Spotify's permission; a reading that is going on is stopped."""
    visit.application.syncs.stop(visit.listener_id)
    visit.application.grants.disconnect(visit.listener_id)
    return Told(words.DISCONNECTED, words.DISCONNECTED_MORE)


def erase(visit: Visit, typed: str) -> Told | None:
    """Erase everything, if the words were typed; the receipt waits for whoever is then signed out."""
    if " ".join(typed.split()).casefold() != words.ERASE_WORDS:
        return Told(words.NOT_ERASED, words.NOT_ERASED_MORE)
    visit.application.syncs.stop(visit.listener_id)
    receipt = visit.application.people.erase(visit.listener_id)
    keep(Erased(receipt, visit.application.clock()))
    return None


def keep(done: Erased) -> None:
    """Keep the receipt for this tab, until it is closed or loaded anew."""
    st.session_state[_RECEIPT] = done


def erased() -> Erased | None:
    """The erasure that this tab has just asked for, if it has."""
    found: Erased | None = st.session_state.get(_RECEIPT)
    return found
