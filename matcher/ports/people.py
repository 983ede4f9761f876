"""Keeping what listeners allow, how they stand to each other, and giving them what is kept of them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from matcher.domain.consent import Relation, Sharing, Standing, Switch
from matcher.domain.listening import Source
from matcher.ports.values import Grant, OpenSession, PendingLogin, WaitingSignIn


class ReportReason(StrEnum):
    """Why somebody is reported to the operator."""

    OFFENSIVE_ALIAS = "offensive alias"
    IMPERSONATION = "impersonation"
    HARASSMENT = "harassment"
    SPAM = "spam"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a listener has chosen about being seen.

    Attributes:
        alias: the name others see.
        discoverable: whether others may be matched with them.
        paused: whether they are out of sight for a while, everything else kept.
        sharing: what others see.
        profile_url: the link that connected listeners see if it is shared; empty if unknown.
    """

    alias: str
    discoverable: bool
    paused: bool
    sharing: Sharing
    profile_url: str = field(default="", repr=False)

    @property
    def in_sight(self) -> bool:
        """Whether others can find them at this moment."""
        return self.discoverable and not self.paused


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody one is connected with, has asked, or is asked by.

    Attributes:
        listener_id: theirs.
        alias: the name they are shown under.
        source: where their listening came from: pages label those who are not people.
        relation: never STRANGERS.
        since_utc: when both agreed, or else when it was asked.
        in_sight: False where they are hidden or paused: then there is nothing to show but the alias.
        profile_url: only of the connected who share it and are in sight; else None.
    """

    listener_id: str
    alias: str
    source: Source
    relation: Relation
    since_utc: datetime
    in_sight: bool
    profile_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Somebody whom one has blocked: their id, alias, and since when."""

    listener_id: str
    alias: str
    blocked_at_utc: datetime


class ConsentStore(Protocol):
    """What a listener allows. Every method is one transaction; a change leaves a row in the audit.

    Raises:
        UnknownListener: from any method that writes; there is no such listener.
        StorageUnreachable: from any method, when the database does not answer.
    """

    def choices(self, listener_id: str) -> Choices | None:
        """What the listener has chosen so far, or None."""
        ...

    def set_discoverable(self, listener_id: str, discoverable: bool, now: datetime) -> bool:
        """Let the listener be found, or not; whether that is a change."""
        ...

    def set_paused(self, listener_id: str, paused: bool, now: datetime) -> bool:
        """Take the listener out of sight for a while, or back; whether that is a change."""
        ...

    def set_alias(self, listener_id: str, alias: str, now: datetime) -> bool:
        """Give the listener another alias; whether that is a change.

        Raises:
            AliasTaken: another listener has it, in whatever case it is written.
        """
        ...

    def set_shared(self, listener_id: str, switch: Switch, shared: bool, now: datetime) -> bool:
        """Turn one switch, whatever becomes of the others at the same moment; whether that is a change."""
        ...

    def share_facet(self, listener_id: str, facet_id: str, shared: bool, now: datetime) -> bool:
        """Show or hide what stands in one facet alone; whether that is a change."""
        ...


class RelationStore(Protocol):
    """How listeners stand to each other. Every method is one transaction; a change leaves an audit row.

    Only about somebody within reach can anything be done: who may be seen, stands in a relation with the one
    who acts, or has been met before (was shown, looked at, blocked, reported, declined). That somebody is
    hidden, paused, blocks, was erased or never was makes no difference, to the answer or to the work.

    Raises:
        UnknownListener: from any method that writes; the other is not within reach, there is no such
            listener, or both are the same.
        StorageUnreachable: from any method, when the database does not answer.
    """

    def standings(self, viewer_id: str, other_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Those of the others whom the viewer may see at this moment, by id.

        The hidden, the paused, the blocked (either way) and the erased are absent, and so is the viewer.
        It is one look at the database: what was committed before the call counts, all of it.

        Raises:
            UnknownListener: there is no such viewer.
        """
        ...

    def contacts(self, listener_id: str) -> list[Contact]:
        """Everybody the listener is connected with, has asked, or is asked by; the newest first."""
        ...

    def ask(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Ask to connect; how both stand then. Asking somebody who has asked is agreeing.

        A synthetic listener whom nobody signs in as agrees at once.

        Raises:
            UnknownListener: also where the other is hidden, paused or blocked, which are not told apart.
            RequestDeclined: the other has declined, too lately or too often (`consent.check_may_ask`).
        """
        ...

    def agree(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Agree to what the other has asked; CONNECTED, also if they were.

        Raises:
            NotAsked: the other has not asked, or no longer.
        """
        ...

    def withdraw(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """End a connection, take back a request, or decline one; whether there was one.

        A request that is declined is not sent again for a time, and never after the second time.
        """
        ...

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Let neither see the other from now on, and end what was between them; False if blocked already."""
        ...

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Take one's own block back; whether there was one. A block by the other stays."""
        ...

    def blocked(self, listener_id: str) -> list[Blocked]:
        """Whom the listener has blocked, the newest first."""
        ...

    def report(self, listener_id: str, other_id: str, reason: ReportReason, now: datetime) -> None:
        """Tell the operator about somebody; a later report of the same one replaces it."""
        ...


class PersonalDataStore(Protocol):
    """Everything that is kept of a listener."""

    def export(self, listener_id: str, now: datetime) -> Mapping[str, Any]:
        """Every row that names the listener, JSON-ready, by table; the names are those of docs/data.md.

        Secrets are left out. Others appear by alias where the listener knows of them, else as somebody.

        Raises:
            UnknownListener: there is no such listener.
            StorageUnreachable: the database does not answer.
        """
        ...


class GrantStore(Protocol):
    """Keeps grants, encrypted at rest."""

    def save(self, listener_id: str, grant: Grant) -> None:
        """Keep the grant, in place of an earlier one.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def load(self, listener_id: str) -> Grant | None:
        """The grant, or None."""
        ...

    def wipe(self, listener_id: str) -> None:
        """Delete the grant, if there is one."""
        ...

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Hold the listener's grant alone, over every process that shares the database."""
        ...


class SessionStore(Protocol):
    """Signed-in browsers. Only the hash of a session id is kept."""

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        """Keep a session.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        """The listener of a session that has not ended, or None."""
        ...

    def prolong(self, session_hash: str, now: datetime, until: datetime, most: timedelta) -> None:
        """Move the end of a session that has not ended to `until`, at the latest `most` after it began.

        Nothing is written where the end stays on the same day (UTC). Its listener counts as there today.
        """
        ...

    def sessions_of(self, listener_id: str, now: datetime) -> list[OpenSession]:
        """The sessions of a listener that have not ended, the newest first."""
        ...

    def end(self, session_hash: str) -> None:
        """End one session."""
        ...

    def end_of(self, listener_id: str, session_hash: str) -> bool:
        """End one session if it is this listener's; whether it was."""
        ...

    def end_all(self, listener_id: str) -> int:
        """End every session of a listener; how many."""
        ...


class PendingLoginStore(Protocol):
    """Log-ins on their way through Spotify."""

    def add(self, pending: PendingLogin) -> None:
        """Keep it; expired ones may be dropped on the way."""
        ...

    def take(self, state: str, browser_hash: str, now: datetime) -> PendingLogin | None:
        """Remove and return it; None when unknown, already taken, or expired. Only one caller gets it.

        Another browser than it was begun in gets None, and it stays for the one that it belongs to.
        """
        ...


class WaitingSignInStore(Protocol):
    """Sign-ins that wait for a pause of Spotify's to end, one a browser; grants encrypted at rest."""

    def keep(self, browser_hash: str, waiting: WaitingSignIn, expires_at_utc: datetime) -> None:
        """Keep it, in place of an earlier one of this browser; expired ones may be dropped on the way.

        Raises:
            UnknownListener: who began it has been erased meanwhile.
        """
        ...

    def take(self, browser_hash: str, now: datetime) -> WaitingSignIn | None:
        """Remove and return it; None when there is none, or it has expired. Only one caller gets it."""
        ...
