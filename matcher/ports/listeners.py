"""Ports for storing listeners, profiles and vectors, and for finding candidates.

Every store method is one transaction, and raises `StorageUnreachable` if the database does not answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.domain.consent import Sharing
from matcher.domain.exclusions import Exclusion
from matcher.domain.library import Library
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports.values import Account, Candidate, ErasureReceipt, Listener, Shown
from matcher.scoring.packed_candidates import PackedProfile


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Stored data of a listener, for their query.

    Attributes:
        profile: None before the first sync.
        profile_digest: changes with the profile; empty without one.
        stored: [2 * dim] float32, vector of the own view under the requested model version, or None.
        shown_digest: of the shown view; empty, and searches find nothing, until it is computed.
        brought: whether any of the sources is `Source.brought`.
    """

    profile: ListenerProfile | None
    profile_digest: str
    synced_at_utc: datetime | None
    stored: Floats | None
    shown_digest: str = ""
    brought: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Retrieval query.

    Attributes:
        listener_id: excluded from the result, with all listeners they block or are blocked by.
        query: [2 * dim] float32.
        rare_items: digests of the rare items that retrieval uses, rarest first.
    """

    listener_id: str
    query: Floats
    rare_items: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Retrieved:
    """Shown views of candidates, in no particular order.

    Attributes:
        stored: [n, 2 * dim] float32, in the order of the ids.
        contents: packed rows (see `matcher.scoring.packed_candidates`), in the order of the ids.
    """

    listener_ids: Sequence[str]
    stored: Floats
    contents: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A visible listener, and the digest of their current shown view; `brought` as of `Known`."""

    listener: Listener
    profile_digest: str
    brought: bool = False


class CandidateFinder(Protocol):
    """Finds candidates for a query."""

    def known(self, listener_id: str, model_version: str) -> Known | None:
        """Stored data of the listener; None if unknown."""
        ...

    def retrieve(self, question: Question, k: int, model_version: str) -> Retrieved:
        """Candidates to rank: all if there are few.

        Otherwise the approximate `k` nearest by vector, and those who share rare items, rarest first.
        Without the listener, but some may be invisible to them: filter with `visible`.
        """
        ...

    def kept(self, listener_id: str, model_version: str) -> Retrieved:
        """One candidate as in `retrieve`: one row, or none if they cannot be found."""
        ...

    def visible(self, listener_id: str, others: Sequence[str]) -> Mapping[str, Seen]:
        """Those of `others` whom the listener may see now, by id."""
        ...


class ListenerStore(CandidateFinder, Protocol):
    """Stores listeners with their profiles and vectors."""

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        """Return the listener of an account, or create a hidden one with `alias`.

        An imported listener of the account becomes the person's own: hidden, and without the imported
        profile until the first sync. If the account was erased before, its blocks, reports and declined
        requests apply again.
        """
        ...

    def owner_of(self, account: Account) -> str | None:
        """Id of the account's listener, or None; creates nothing."""
        ...

    def change_account(self, listener_id: str, account: Account, now: datetime) -> None:
        """Let another account sign in as this listener, in place of the present one.

        Blocks, reports and declined requests go on, and apply again to an account of a service that goes, if
        it comes back as another listener within a year. Those kept for the new account apply. An imported
        listener of the new account is erased. Nobody is shown the new profile link until the listener
        chooses.

        Raises:
            AccountTaken: somebody signs in with it already.
            UnknownListener: there is no such listener.
        """
        ...

    def account_of(self, listener_id: str) -> Account | None:
        """The listener's account, to be shown to its owner only; None if unknown."""
        ...

    def listener(self, listener_id: str) -> Listener | None:
        """Look up a listener."""
        ...

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        """Existing listeners by id."""
        ...

    def add_candidates(
        self, candidates: Iterable[Candidate], aliases: Iterable[str], model_version: str, now: datetime
    ) -> int:
        """Insert or replace discoverable listeners, all or none; return their number.

        Listeners who have signed in are not changed. Candidates without a vector are stored, but cannot be
        found.

        Raises:
            ValueError: fewer aliases than candidates.
        """
        ...

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The own view, to be shown to its owner only; None before the first sync."""
        ...

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Own views by id, each to be shown to its owner only."""
        ...

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Shown views by id; absent without a profile, or before they are computed."""
        ...

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision: vector of the own view, or None."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 vectors of shown views, of findable listeners, by id."""
        ...

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        """Time of the last sync, or None."""
        ...

    def drop_vectors(self, model_version: str) -> int:
        """Delete everybody's vectors of a model; return how many."""
        ...

    def index_vectors(self, model_version: str) -> bool:
        """Build the vector index of a version; False if there is none. May take long."""
        ...

    def n_candidates(self, model_version: str) -> int:
        """Number of findable listeners of a version; an estimate if there are many."""
        ...

    def forget(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener; unknown ids are ignored.

        Blocks, reports and declined requests are kept for a year under fingerprints of the accounts.
        """
        ...

    def n_imported(self, source: Source) -> int:
        """Number of listeners of a source as whom nobody has signed in."""
        ...

    def forget_imported(self, source: Source, n_most: int) -> int:
        """Erase at most `n_most` listeners of a source as whom nobody has signed in; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class KeptTaste:
    """Stored taste of a listener.

    Attributes:
        library: reads it on demand, merged from all sources; None if there is none that can be read.
        profile: reads it on demand; None if there is none.
        libraries: reads those of the sources on demand, by origin, without what has expired.
    """

    exclusions: frozenset[Exclusion]
    library: Callable[[], Library | None]
    sharing: Sharing = field(default_factory=Sharing)
    profile: Callable[[], ListenerProfile | None] = lambda: None
    libraries: Callable[[], Mapping[str, Library]] = dict


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Both views of a taste under one more model; otherwise as in `NewTaste`."""

    model_version: str
    stored: Floats
    packed: PackedProfile
    shown: Shown | None


@dataclass(frozen=True, slots=True, eq=False)
class NewTaste:
    """Taste to store, all or nothing.

    Attributes:
        exclusions: all of them; `profile` is without them.
        stored: [2 * dim] float32, the own view's vector; None without a model.
        packed: the profile's packed row.
        library: newly read, in place of that of the same origin; None keeps what is stored and its sync time.
        shown: the shown view; None if it is the profile itself.
        removed: origin of the source to delete; "" if none.
        also: under further models, which are to serve or may serve again.
    """

    exclusions: frozenset[Exclusion]
    profile: ListenerProfile
    stored: Floats | None
    packed: PackedProfile
    model_version: str
    library: Library | None = None
    shown: Shown | None = None
    removed: str = ""
    also: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A source of a listener's music.

    Attributes:
        library: None once it has expired; it has to be read again.
        proven: as of `Listening`.
    """

    origin: str
    read_at_utc: datetime
    library: Library | None
    proven: bool = True


Decide = Callable[[KeptTaste], NewTaste]
"""Makes the new taste from the stored one; if it raises, nothing is written."""

Show = Callable[[KeptTaste], NewTaste | None]
"""Recomputes both views of the stored taste; None without a profile."""


class TasteStore(Protocol):
    """Stores libraries and exclusions."""

    def library(self, listener_id: str) -> Library | None:
        """The library of all sources, before exclusions; None if any has expired, or cannot be read."""
        ...

    def sources(self, listener_id: str) -> Sequence[KeptSource]:
        """The sources, oldest reading first."""
        ...

    def read_times(self, listener_id: str) -> Mapping[str, datetime]:
        """When each source was read last, by origin."""
        ...

    def exclusions(self, listener_id: str) -> Mapping[Exclusion, datetime]:
        """Exclusions with the time since when, oldest first."""
        ...

    def mark(self, listener_id: str) -> str:
        """Version tag of library and exclusions; empty without a library."""
        ...

    def change(self, listener_id: str, decide: Decide, now: datetime) -> tuple[NewTaste, bool]:
        """Store a new taste; return it, and whether profile or vector changed.

        With a library that is not proven to be theirs, the listener is hidden in the same step, and no
        longer agrees to training on that source.

        Reading, deciding and writing exclude other changes to this listener.

        Raises:
            UnknownListener: no such listener; perhaps erased meanwhile.
        """
        ...

    def renew(self, listener_id: str, show: Show) -> NewTaste | None:
        """Recompute both views under the current sharing; None without a profile.

        As in `change`, other changes are excluded.

        Raises:
            UnknownListener: no such listener; perhaps erased meanwhile.
        """
        ...


class Clusterer(Protocol):
    """Clusters vectors."""

    def cluster(self, vectors: Floats, weights: Floats, n_clusters: int) -> NDArray[np.int64]:
        """Cluster of each vector: [n], from 0, deterministic.

        `vectors` is [n, dim] float32, `weights` [n] float32 > 0. Duplicate vectors can give fewer than
        `n_clusters`.
        """
        ...


class PositionStore(Protocol):
    """A fixed, arbitrary sample of listeners with a vector who are discoverable and not paused, without ids.

    Vectors are projected inside the database, so that they need not be read.
    """

    def sample_products(self, axes: Floats, model_version: str, n: int) -> Floats:
        """[m, 2] float32, m <= n: inner products of vectors of that version with two axes.

        `axes` is [2, 2 * dim] float32.
        """
        ...

    def sample_rows(self, model_version: str, n: int) -> Sequence[bytes]:
        """At most `n` packed rows of that version (see `matcher.scoring.packed_candidates`)."""
        ...
