"""Values that cross the ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from matcher.domain.listening import Part, Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.scoring.packed_candidates import BARE, PackedProfile

KEY_ACCOUNT = "key:"
"""How the keys of accounts begin that only a recovery key signs in to."""


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in account.

    Attributes:
        key: unique over all kinds of account, such as "spotify:aB3dE5fG7h"; never shown. A recovery key signs
            in beside it, if there is one.
        profile_url: address of the public Spotify profile, validated; empty if none.
    """

    key: str
    profile_url: str = field(default="", repr=False)

    @property
    def by_key_alone(self) -> bool:
        """Whether only a recovery key signs in to it, and no service."""
        return self.key.startswith(KEY_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Listener:
    """A stored listener.

    Attributes:
        listener_id: our own id, a random UUID as text.
        alias: never the Spotify name.
        source: latest origin of the listening.
        discoverable: whether others may match with this listener.
    """

    listener_id: str
    alias: str
    source: Source
    discoverable: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listener to import in bulk, to be a candidate for others.

    Attributes:
        profile: its `listener_id` is ignored.
        stored: [2 * dim] float32, the stored vector; None if the profile is too small to be found.
    """

    account: Account
    profile: ListenerProfile
    stored: Floats | None
    packed: PackedProfile = BARE


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The shown view of a listener, needed where others must not find the own view.

    That is so if something is switched off, or if there are too few artists to be found.

    Attributes:
        profile: see `matcher.domain.shown`.
        stored: [2 * dim] float32; None if it must not be found.
    """

    profile: ListenerProfile
    stored: Floats | None = None
    packed: PackedProfile = BARE


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a sync.

    Attributes:
        step: a part of the library, or "profile", "embed", "match".
        done: finished units of this step.
        total: units of this step; 0 if unknown.
        calls_used: calls to Spotify in this sync so far.
        calls_budget: most calls in one sync; 0 if it calls nothing.
        n_skipped: units that could not be read, such as playlists that Spotify refuses.
    """

    step: Part | str
    done: int = 0
    total: int = 0
    calls_used: int = 0
    calls_budget: int = 0
    n_skipped: int = 0


Report = Callable[[Progress], None]
"""Progress callback; must return at once. Raises `Stopped` to cancel the work."""


def silent(_: object) -> None:
    """No-op progress callback."""


@dataclass(frozen=True, slots=True)
class Grant:
    """OAuth tokens for one listener; hidden in the repr.

    Attributes:
        expires_at_utc: expiry of the access token.
        authorized_at_utc: time of consent; the grant ends six months later.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: frozenset[str]
    expires_at_utc: datetime
    authorized_at_utc: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser.

    `session_hash` is the SHA-256, hex, of the random id in its cookie.
    """

    session_hash: str = field(repr=False)
    begun_at_utc: datetime
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A log-in in progress at Spotify.

    Attributes:
        state: OAuth state, returned by Spotify.
        verifier: PKCE code verifier.
        browser_hash: SHA-256, hex, of the secret in the browser's cookie.
        expires_at_utc: ten minutes after the start.
        listener_id: who was signed in at the start, and must be the one who returns; empty if nobody was.
        connects: whether the Spotify account that returns is to sign in as `listener_id` from then on.
    """

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    browser_hash: str = field(repr=False)
    expires_at_utc: datetime
    listener_id: str = ""
    connects: bool = False


@dataclass(frozen=True, slots=True)
class WaitingSignIn:
    """A sign-in granted by Spotify, whose account could not be read yet.

    `listener_id` and `connects` are as in `PendingLogin`.
    """

    grant: Grant
    listener_id: str = ""
    connects: bool = False


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """Result of an erasure.

    Attributes:
        erased: number of rows by table name.
        kept_until_utc: end of storage of blocks, reports and declined requests, under a fingerprint of the
            account; does not reveal whether there are any. None if nothing is kept.
    """

    erased: Mapping[str, int]
    kept_until_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two listeners with a feedback score: 0 dismissed, 1 opened, 5 connected."""

    listener_id: str
    friend_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """One match in a `Look`; `rank` counts from 1, `their_digest` is of the other's profile."""

    other_id: str
    rank: int
    score: float
    their_digest: str


@dataclass(frozen=True, slots=True)
class Look:
    """A listener's matches as shown at one time.

    Attributes:
        my_digest: digest of the viewer's profile.
        places: the matches, best first.
    """

    seen_at_utc: datetime
    my_digest: str
    model_version: str
    places: tuple[Place, ...]


PREVIOUS_MODEL_KEPT = timedelta(days=7)
"""Time in which the model that served before can serve again; its vectors are kept as long."""


class ModelState(StrEnum):
    """State of a model; one serves at most."""

    PROPOSED = "proposed"
    EMBEDDING = "embedding"  # everybody is being embedded by it
    READY = "ready"  # everybody is, and it can serve
    SERVING = "serving"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that was proposed, or has served, here.

    Attributes:
        changed_at_utc: since when it is in this state.
        first_served_at_utc: None if it never has.
        metrics: from training, JSON-ready.
    """

    model_version: str
    state: ModelState
    changed_at_utc: datetime
    first_served_at_utc: datetime | None
    metrics: Mapping[str, Any]


Clock = Callable[[], datetime]
"""Current time, aware, UTC."""
