"""The roles that adapters play for the core."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from matcher.audio import AudioAttributes
from matcher.listening import Listening, Part, Source
from matcher.profile import ListenerProfile
from matcher.vectors import Floats, TowerVectors

# ---- values that cross the ports ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """The account somebody signed in with.

    Attributes:
        key: stable and unique over all kinds of account, such as "spotify:aB3dE5fG7h"; never shown.
    """

    key: str


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener as the store knows them.

    Attributes:
        listener_id: our own id, a random UUID as text.
        alias: the made-up name others see; never the Spotify name.
        source: where the listening came from last.
        discoverable: whether others may be matched with this listener.
    """

    listener_id: str
    alias: str
    source: Source
    discoverable: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listener to be put into the store in bulk, ready to be found.

    Attributes:
        account: whose account the listening belongs to.
        profile: its profile; `profile.listener_id` is not looked at.
        stored: [2 * dim] float32, the stored vector (see `matcher.vectors`).
    """

    account: Account
    profile: ListenerProfile
    stored: Floats


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A candidate found by vector: our own id and the inner product with the query, in [-1, 1]."""

    listener_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading a library has come.

    Attributes:
        step: what is being done: a part of the library, or "profile", "embed", "match".
        done: units finished of this step.
        total: units in this step as far as known; 0 when it is not.
        calls_used: calls made to Spotify in this sync so far.
        calls_budget: most calls one sync may make; 0 when nothing is called.
        n_skipped: what could not be read of this step, such as playlists that Spotify refuses.
    """

    step: Part | str
    done: int = 0
    total: int = 0
    calls_used: int = 0
    calls_budget: int = 0
    n_skipped: int = 0


Report = Callable[[Progress], None]
"""Told about progress; must return at once."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What Spotify gave us to act for one listener. Secrets never show in its repr.

    Attributes:
        access_token: bearer token.
        refresh_token: for a new access token.
        scopes: permissions as granted.
        expires_at_utc: when the access token ends.
        authorized_at_utc: when the person agreed; the grant ends six months later.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: frozenset[str]
    expires_at_utc: datetime
    authorized_at_utc: datetime


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A log-in that has left for Spotify and not come back.

    Attributes:
        state: the value Spotify echoes.
        verifier: PKCE code verifier.
        browser_hash: SHA-256, hex, of the secret in the browser's cookie.
        expires_at_utc: ten minutes after it began.
    """

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    browser_hash: str = field(repr=False)
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What was erased: rows by table name."""

    erased: Mapping[str, int]


# ---- roles -------------------------------------------------------------------------------------------

Clock = Callable[[], datetime]
"""Gives the time now, aware, UTC."""


class Embedder(Protocol):
    """Maps profiles into the shared space."""

    @property
    def model_version(self) -> str:
        """Digest of the model; vectors of different versions never mix."""
        ...

    @property
    def dim(self) -> int:
        """Dimensions of one tower's output."""
        ...

    def embed(self, profiles: Sequence[ListenerProfile]) -> TowerVectors:
        """Both towers' vectors of each profile, in order. An empty sequence gives [0, dim] arrays."""
        ...


class ListeningSource(Protocol):
    """Reads a signed-in listener's library from where it is."""

    def fetch(self, listener_id: str, report: Report) -> Listening:
        """Read everything that may be read.

        Raises:
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed: as they say.
        """
        ...


class AttributeProvider(Protocol):
    """Knows audio attributes of tracks."""

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key, for the tracks of `listening` that are known."""
        ...


class ListenerStore(Protocol):
    """Listeners with their profiles and vectors. Every method is one transaction.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        """The listener of an account: the known one, else a new one, hidden, under `alias`.

        A listener who was imported under the same account becomes the person's own: hidden from then on,
        and without the imported profile, as the person's own library is yet to be read.
        """
        ...

    def listener(self, listener_id: str) -> Listener | None:
        """The listener, or None."""
        ...

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        """Those that exist, by id."""
        ...

    def add_candidates(
        self, candidates: Iterable[Candidate], aliases: Iterable[str], model_version: str, now: datetime
    ) -> int:
        """Insert or replace discoverable listeners, all or none; how many.

        A listener who has signed in is a person's own, and is left as it is.

        Raises:
            ValueError: there are fewer aliases than candidates.
        """
        ...

    def save_profile(
        self, listener_id: str, profile: ListenerProfile, stored: Floats, model_version: str, now: datetime
    ) -> bool:
        """Keep a profile with its vector; False when both are as they were: then only the time is noted.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The profile, or None when none was read yet."""
        ...

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Those that exist, by id."""
        ...

    def vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32, the stored vector under that model version, or None."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 stored vectors under that model version, of those who have one, by id."""
        ...

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        """When the profile was last read, or None."""
        ...

    def nearest(self, query: Floats, k: int, model_version: str, exclude: str) -> list[Neighbour]:
        """At most `k` discoverable listeners by falling inner product, without `exclude`.

        Args:
            query: [2 * dim] float32.
            k: how many at most; 0 gives none.
            model_version: only vectors of this version are looked at.
            exclude: the id of the listener who asks.
        """
        ...

    def index_vectors(self, model_version: str) -> bool:
        """See to it that `nearest` is quick under that version; whether an index was built. May take long."""
        ...

    def n_candidates(self, model_version: str) -> int:
        """How many discoverable listeners have a vector of that version."""
        ...

    def forget(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener. An unknown id erases nothing."""
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

        Less than a day's gain need not be written.
        """
        ...

    def end(self, session_hash: str) -> None:
        """End one session."""
        ...

    def end_all(self, listener_id: str) -> int:
        """End every session of a listener; how many."""
        ...


class PendingLoginStore(Protocol):
    """Log-ins on their way through Spotify."""

    def add(self, pending: PendingLogin) -> None:
        """Keep it; expired ones may be dropped on the way."""
        ...

    def take(self, state: str, now: datetime) -> PendingLogin | None:
        """Remove and return it; None when unknown, already taken, or expired. Only one caller gets it."""
        ...


class AttributeStore(AttributeProvider, Protocol):
    """Audio attributes from imported tables, kept for look-up."""

    def add_attributes(self, rows: Iterable[tuple[Sequence[str], AudioAttributes]]) -> int:
        """Keep attributes under each of a row's look-up keys (see `lookup_keys`); how many rows."""
        ...


def lookup_keys(track: str = "", track_id: str = "", isrc: str = "") -> tuple[str, ...]:
    """The keys under which a track's attributes are looked up, most exact first.

    Args:
        track: canonical track key.
        track_id: id in the source.
        isrc: International Standard Recording Code.
    """
    keys = (track_id and f"id:{track_id}", isrc and f"isrc:{isrc.upper()}", track and f"key:{track}")
    return tuple(key for key in keys if key)
