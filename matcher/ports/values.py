"""Values that cross the ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matcher.domain.listening import Part, Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.scoring.packed_candidates import BARE, PackedProfile


@dataclass(frozen=True, slots=True)
class Account:
    """The account somebody signed in with.

    Attributes:
        key: stable and unique over all kinds of account, such as "spotify:aB3dE5fG7h"; never shown.
        profile_url: address of the account's public Spotify profile, checked; empty if there is none.
    """

    key: str
    profile_url: str = field(default="", repr=False)


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
        stored: [2 * dim] float32, the stored vector (see `matcher.domain.vectors`); None where the profile
            is kept, but is too small to be found.
        packed: the profile as the model of that vector weighs it.
    """

    account: Account
    profile: ListenerProfile
    stored: Floats | None
    packed: PackedProfile = BARE


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The shown view of a listener, where it is not the own one or may not be found.

    Attributes:
        profile: what others may find (see `matcher.domain.shown`).
        stored: [2 * dim] float32, its stored vector; None where the listener is not to be found.
        packed: the profile as the model of that vector weighs it.
    """

    profile: ListenerProfile
    stored: Floats | None = None
    packed: PackedProfile = BARE


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
"""Told about progress; must return at once. Raises `Stopped` when the work is no longer wanted."""


def silent(_: object) -> None:
    """What to tell where nobody listens: takes no note, and never stops the work."""


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
class OpenSession:
    """A signed-in browser, as it is kept.

    Attributes:
        session_hash: SHA-256, hex, of the random id in the browser's cookie.
        begun_at_utc: when somebody signed in there.
        expires_at_utc: when it ends by itself.
    """

    session_hash: str = field(repr=False)
    begun_at_utc: datetime
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A log-in that has left for Spotify and not come back.

    Attributes:
        state: the value Spotify echoes.
        verifier: PKCE code verifier.
        browser_hash: SHA-256, hex, of the secret in the browser's cookie.
        expires_at_utc: ten minutes after it began.
        listener_id: who was signed in when it began, and must be who comes back; empty if nobody was.
    """

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    browser_hash: str = field(repr=False)
    expires_at_utc: datetime
    listener_id: str = ""


@dataclass(frozen=True, slots=True)
class WaitingSignIn:
    """A sign-in that Spotify has agreed to, and of which nobody knows yet whose it is.

    Attributes:
        grant: what Spotify gave.
        listener_id: who was signed in when the trip began, and must be whose it is; empty if nobody was.
    """

    grant: Grant
    listener_id: str = ""


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What was erased, and what is kept all the same.

    Attributes:
        erased: rows by table name.
        kept_until_utc: until when blocks, reports and refusals between the listener and others are kept under
            a fingerprint of the account; the same whether there are any. None where nothing is kept.
    """

    erased: Mapping[str, int]
    kept_until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two listeners, and how strongly they belong together: 0 ignored, 1 clicked, 5 strong."""

    listener_id: str
    friend_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """One match in a look: who, at which rank from 1, with which score, and the digest of their profile."""

    other_id: str
    rank: int
    score: float
    their_digest: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a listener saw when they looked at their matches.

    Attributes:
        seen_at_utc: when, aware.
        my_digest: digest of the looking listener's profile.
        model_version: the model in service.
        places: the matches, best first.
    """

    seen_at_utc: datetime
    my_digest: str
    model_version: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that has served here: since when, and its figures from training as JSON-ready values."""

    model_version: str
    first_served_at_utc: datetime
    metrics: Mapping[str, Any]


Clock = Callable[[], datetime]
"""Gives the time now, aware, UTC."""
