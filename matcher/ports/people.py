"""Ports for consent, relations, sign-in, and export of personal data.

Every method raises `StorageUnreachable` if the database does not answer, and `UnknownListener` if it has to
store something for a listener who does not exist (perhaps erased meanwhile).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from matcher.domain.consent import Relation, Sharing, Standing, Switch
from matcher.domain.exclusions import Exclusion
from matcher.domain.library import Library
from matcher.domain.listening import Source
from matcher.ports.values import Grant, OpenSession, PendingLogin, WaitingSignIn


class ReportReason(StrEnum):
    """Reasons for a report to the operator."""

    OFFENSIVE_ALIAS = "offensive alias"
    IMPERSONATION = "impersonation"
    HARASSMENT = "harassment"
    SPAM = "spam"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Choices:
    """A listener's visibility settings.

    Attributes:
        discoverable: whether others may match with them.
        paused: temporarily invisible; everything else is kept.
        profile_url: visible to connected listeners if shared; empty if unknown.
        note_closed: whether they have closed the note on who sees them, or answered its question.
    """

    alias: str
    discoverable: bool
    paused: bool
    sharing: Sharing
    profile_url: str = field(default="", repr=False)
    note_closed: bool = False

    @property
    def in_sight(self) -> bool:
        """Whether others can find them now."""
        return self.discoverable and not self.paused


@dataclass(frozen=True, slots=True)
class Contact:
    """A connected listener, or one with an open request in either direction.

    Attributes:
        source: origin of their listening: pages label synthetic listeners.
        relation: never STRANGERS.
        since_utc: when both agreed, or the request was sent.
        in_sight: False if hidden or paused: then show the alias only.
        profile_url: None unless connected, shared and in sight.
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
    """A listener blocked by the viewer."""

    listener_id: str
    alias: str
    blocked_at_utc: datetime


@dataclass(frozen=True, slots=True)
class AgreedLibraries:
    """What one listener agreed to: libraries of their sources, at least one, and what they leave out."""

    libraries: tuple[Library, ...]
    exclusions: frozenset[Exclusion]


@dataclass(frozen=True, slots=True)
class ServiceName:
    """What a listener is called at a service, to read it again.

    Attributes:
        proven: whether they have shown that it is theirs; else somebody typed it. Whether what was read is
            proven stands with the source (`KeptSource`).
    """

    source: Source
    name: str = field(repr=False)
    proven: bool


class ServiceNameStore(Protocol):
    """Stores the names by which listening is read, encrypted; at most one a source."""

    def keep(self, listener_id: str, name: ServiceName) -> None:
        """Store a name in place of an earlier one.

        Raises:
            UnknownListener: there is no such listener.
        """
        ...

    def of(self, listener_id: str) -> Sequence[ServiceName]:
        """The names, by source."""
        ...

    def drop(self, listener_id: str, origin: str) -> None:
        """Delete the name that a source is read by, if there is one."""
        ...


class ConsentStore(Protocol):
    """Stores consent. Setters audit every change and return whether there was one."""

    def choices(self, listener_id: str) -> Choices | None:
        """Current settings, or None."""
        ...

    def set_discoverable(self, listener_id: str, discoverable: bool, now: datetime) -> bool:
        """Make the listener discoverable or hidden.

        Raises:
            NotProven: their music was read by a name that is not proven to be theirs; they stay hidden.
        """
        ...

    def set_paused(self, listener_id: str, paused: bool, now: datetime) -> bool:
        """Pause or resume visibility."""
        ...

    def close_note(self, listener_id: str) -> bool:
        """Show the note on who sees them no more; no change of consent, so it is not audited."""
        ...

    def set_alias(self, listener_id: str, alias: str, now: datetime) -> bool:
        """Change the alias.

        Raises:
            AliasTaken: another listener has it; case is ignored.
        """
        ...

    def set_shared(self, listener_id: str, switch: Switch, shared: bool, now: datetime) -> bool:
        """Set one switch; concurrent changes of other switches are kept."""
        ...

    def share_facet(self, listener_id: str, facet_id: str, shared: bool, now: datetime) -> bool:
        """Show or hide items that only this facet has."""
        ...

    def training(self, listener_id: str) -> Mapping[str, datetime]:
        """When the listener agreed that models are trained on a source, by its origin."""
        ...

    def set_training(self, listener_id: str, origin: str, agreed: bool, now: datetime) -> bool:
        """Agree to training on a source, or withdraw that; the source's removal withdraws it as well.

        Raises:
            UnknownListener: also if they have no such source.
            NotProven: it was read by a name that is not proven to be theirs.
        """
        ...


class TrainingLibraries(Protocol):
    """Libraries that models may be trained on."""

    def agreed(self) -> Iterator[AgreedLibraries]:
        """Those of every listener who agreed, of the sources they agreed to.

        Never of a source that is not trainable, even if there were a consent to it.
        """
        ...


class RelationStore(Protocol):
    """Stores relations between listeners; every change is audited.

    Actions need a listener within reach: visible, related to the acting listener, or met before (shown,
    viewed, blocked, reported, declined). To hide the reason, answer and running time do not depend on
    whether the other is hidden, paused, blocking, erased or unknown.

    Raises:
        UnknownListener: on writing; the other is out of reach, unknown, or the listener themselves.
    """

    def standings(self, viewer_id: str, other_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Those of the others whom the viewer may see now, by id.

        Without the viewer, the hidden, paused, erased, and blocked (either way). One consistent snapshot,
        which includes everything committed before the call.

        Raises:
            UnknownListener: no such viewer.
        """
        ...

    def contacts(self, listener_id: str) -> list[Contact]:
        """Connections and open requests in both directions, newest first."""
        ...

    def n_news(self, listener_id: str) -> int:
        """Number of requests by others, and of agreements with own requests, since `see_people`.

        An agreement in the moment of the request, as of synthetic listeners, is no news.
        """
        ...

    def see_people(self, listener_id: str, now: datetime) -> None:
        """Note that the listener has seen all of `contacts` of that moment; an earlier one changes nothing.

        Nothing happens if there is no such listener.
        """
        ...

    def ask(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Send a request to connect, or accept one; return the new relation.

        Synthetic listeners without a person behind them accept at once.

        Raises:
            UnknownListener: also if the other is hidden, paused or blocked; the reason stays secret.
            RequestDeclined: declined too recently or too often (`consent.check_may_ask`).
            NotOnEarshot: the other is known from open data only (`consent.is_open_data`).
        """
        ...

    def agree(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Accept a request; CONNECTED, also if already connected.

        Raises:
            NotAsked: there is no request.
        """
        ...

    def withdraw(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """End a connection, or withdraw or decline a request; False if there is none.

        A declined request is blocked for a time, and forever after the second decline.
        """
        ...

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Hide both from each other and end their relation; False if blocked already."""
        ...

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Remove the listener's own block, not the other's; False if there is none."""
        ...

    def blocked(self, listener_id: str) -> list[Blocked]:
        """Listeners blocked by this one, newest first."""
        ...

    def report(self, listener_id: str, other_id: str, reason: ReportReason, now: datetime) -> None:
        """Report someone to the operator; replaces an earlier report."""
        ...


class PersonalDataStore(Protocol):
    """Export of a listener's personal data."""

    def export(self, listener_id: str, now: datetime) -> Mapping[str, Any]:
        """All rows about the listener, JSON-ready, by table name as in docs/data.md.

        Without secrets. Others appear by alias if the listener knows of them, else anonymously.

        Raises:
            UnknownListener: no such listener.
        """
        ...


class GrantStore(Protocol):
    """Stores grants, encrypted at rest."""

    def save(self, listener_id: str, grant: Grant) -> None:
        """Store the grant; replace an earlier one."""
        ...

    def load(self, listener_id: str) -> Grant | None:
        """The grant, or None."""
        ...

    def wipe(self, listener_id: str) -> None:
        """Delete the grant, if any."""
        ...

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Lock the listener's grant, across processes."""
        ...


class SessionStore(Protocol):
    """Stores signed-in browsers, by hash of the session id."""

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        """Store a session."""
        ...

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        """Listener of a valid session, or None."""
        ...

    def prolong(self, session_hash: str, now: datetime, until: datetime, most: timedelta) -> None:
        """Extend a valid session to `until`, but at most `most` after its start.

        Also records today's visit. Writes nothing if the new end is on the same UTC day.
        """
        ...

    def sessions_of(self, listener_id: str, now: datetime) -> list[OpenSession]:
        """Valid sessions of a listener, newest first."""
        ...

    def end(self, session_hash: str) -> None:
        """End one session."""
        ...

    def end_of(self, listener_id: str, session_hash: str) -> bool:
        """End a session if it belongs to the listener; False otherwise."""
        ...

    def end_all(self, listener_id: str) -> int:
        """End all sessions of a listener; return their number."""
        ...


class RecoveryKeyStore(Protocol):
    """Stores hashes of recovery keys, one per listener."""

    def keep(self, listener_id: str, key_hash: str, now: datetime) -> None:
        """Store a listener's hash; an earlier one no longer signs in.

        Raises:
            UnknownListener: the listener was erased meanwhile.
        """
        ...

    def listener_of(self, key_hash: str) -> str | None:
        """Listener of a hash, or None."""
        ...

    def made_at_utc(self, listener_id: str) -> datetime | None:
        """When the listener's key was made; None without one."""
        ...


class PendingLoginStore(Protocol):
    """Stores log-ins in progress at Spotify."""

    def add(self, pending: PendingLogin) -> None:
        """Store a log-in; may drop expired ones."""
        ...

    def take(self, state: str, browser_hash: str, now: datetime) -> PendingLogin | None:
        """Remove and return a valid log-in, for one caller only; None otherwise.

        From another browser than the one it started in: None, and it is not removed.
        """
        ...


class WaitingSignInStore(Protocol):
    """Stores sign-ins that wait for a rate limit, one per browser; grants encrypted."""

    def keep(self, browser_hash: str, waiting: WaitingSignIn, expires_at_utc: datetime) -> None:
        """Store a sign-in; replace an earlier one of this browser; may drop expired ones."""
        ...

    def take(self, browser_hash: str, now: datetime) -> WaitingSignIn | None:
        """Remove and return a valid sign-in, for one caller only; None otherwise."""
        ...
