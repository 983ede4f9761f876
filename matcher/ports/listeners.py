"""Keeping listeners with their profiles and vectors."""

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
    """What is kept of a listener who asks.

    Attributes:
        profile: None when none was read yet.
        profile_digest: tells whether the profile is another; empty without one.
        synced_at_utc: when it was read.
        stored: [2 * dim] float32, the vector to ask with under the model version that was asked for, or None.
        shown_digest: tells whether what others find is another; empty where that is yet to be worked out,
            and nobody finds anything until then.
    """

    profile: ListenerProfile | None
    profile_digest: str
    synced_at_utc: datetime | None
    stored: Floats | None
    shown_digest: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What candidates are looked for by.

    Attributes:
        listener_id: who asks: neither found, nor anybody who blocks them or whom they block.
        query: [2 * dim] float32.
        telling: digests of the items by which one can be found, the rarest first.
    """

    listener_id: str
    query: Floats
    telling: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Retrieved:
    """Candidates as they are kept, in no particular order: their shown views.

    Attributes:
        listener_ids: our own ids.
        stored: [n, 2 * dim] float32, their stored vectors; row i is the listener of id i.
        contents: their packed profiles' contents (see `matcher.scoring.packed_candidates`), likewise.
    """

    listener_ids: Sequence[str]
    stored: Floats
    contents: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A listener who may be shown, and the digest of what they show of their profile now."""

    listener: Listener
    profile_digest: str


class CandidateFinder(Protocol):
    """Finds who may be matched with whom. Every method is one transaction."""

    def known(self, listener_id: str, model_version: str) -> Known | None:
        """What is kept of the one who asks; None when there is no such listener."""
        ...

    def retrieve(self, question: Question, k: int, model_version: str) -> Retrieved:
        """The candidates worth ranking: everybody while they are few.

        Else the `k` nearest by vector, and those who share telling items, the rarest items first, both as far
        as an index tells. Not the one who asks, but perhaps some whom they may not see: `visible` tells.
        """
        ...

    def kept(self, listener_id: str, model_version: str) -> Retrieved:
        """One candidate as `retrieve` gives them: one row, or none where nobody can find them."""
        ...

    def visible(self, listener_id: str, others: Sequence[str]) -> Mapping[str, Seen]:
        """Those of `others` whom the listener may see at this moment, by id; nobody, if they were erased."""
        ...


class ListenerStore(CandidateFinder, Protocol):
    """Listeners with their profiles and vectors. Every method is one transaction.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        """The listener of an account: the known one, else a new one, hidden, under `alias`.

        A listener who was imported under the same account becomes the person's own: hidden from then on,
        and without the imported profile, as the person's own library is yet to be read. Of an account
        that was erased, blocks, reports and refusals are in force again.
        """
        ...

    def owner_of(self, account: Account) -> str | None:
        """The id of the listener whom an account belongs to, or None; nobody is made by asking."""
        ...

    def account_of(self, listener_id: str) -> Account | None:
        """The account that signs in as a listener, for its owner's eyes alone; None without a listener."""
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

        A listener who has signed in is a person's own, and is left as it is. Candidates without a vector are
        kept, and nobody finds them.

        Raises:
            ValueError: there are fewer aliases than candidates.
        """
        ...

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The listener's own view, for their own eyes, or None when none was read yet."""
        ...

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Own views of those that exist, by id: for nobody else's eyes."""
        ...

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """What others may find of those who have a profile, by id; not where it is yet to be worked out."""
        ...

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision, what the listener asks with under that version, or None."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 vectors of what is shown, under that version, of the findable, by id."""
        ...

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        """When the profile was last read, or None."""
        ...

    def index_vectors(self, model_version: str) -> bool:
        """Build what makes `retrieve` quick under that version; whether there is an index. May take long."""
        ...

    def n_candidates(self, model_version: str) -> int:
        """How many listeners can be found under that version; an estimate where they are many."""
        ...

    def forget(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener. An unknown id erases nothing.

        Who blocked, reported or declined whom is kept under fingerprints of the accounts, for a year.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeptTaste:
    """What is kept of a listener's taste.

    Attributes:
        left_out: what is left out.
        library: reads the library; gives None when there is none, or none that can be read.
        sharing: what others may find of it.
        profile: reads the profile; gives None when there is none.
    """

    left_out: frozenset[Exclusion]
    library: Callable[[], Library | None]
    sharing: Sharing = field(default_factory=Sharing)
    profile: Callable[[], ListenerProfile | None] = lambda: None


@dataclass(frozen=True, slots=True, eq=False)
class NewTaste:
    """What is to be kept from now on; all of it or nothing.

    Attributes:
        left_out: everything that is left out.
        profile: of what stays.
        stored: [2 * dim] float32, its stored vector, to ask with; None where there is no model to make it.
        packed: the profile as it is ranked by.
        model_version: the model that made vector and packed profile.
        library: as it was read just now; None leaves the one that is kept, and the time of reading.
        shown: what others find; None where that is the profile itself.
    """

    left_out: frozenset[Exclusion]
    profile: ListenerProfile
    stored: Floats | None
    packed: PackedProfile
    model_version: str
    library: Library | None = None
    shown: Shown | None = None


Decide = Callable[[KeptTaste], NewTaste]
"""Makes the new taste from the kept one; whatever it raises, nothing is written."""

Show = Callable[[KeptTaste], NewTaste | None]
"""Makes both views of what is kept anew; None where there is no profile."""


class TasteStore(Protocol):
    """Libraries, and what is left out of them. Every method is one transaction.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def library(self, listener_id: str) -> Library | None:
        """Everything that was read, or None when nothing was, or nothing that can be read any more."""
        ...

    def left_out(self, listener_id: str) -> Mapping[Exclusion, datetime]:
        """What is left out, and since when; oldest first."""
        ...

    def mark(self, listener_id: str) -> str:
        """Another text as soon as the library, or what is left out of it, is another; empty without one."""
        ...

    def change(self, listener_id: str, decide: Decide, now: datetime) -> tuple[NewTaste, bool]:
        """Keep a new taste with its profile and vector; and whether these are others than before.

        From reading what is kept to writing what is new, no other change to this listener comes between.

        Raises:
            UnknownListener: there is no such listener; perhaps erased meanwhile.
        """
        ...

    def renew(self, listener_id: str, show: Show) -> NewTaste | None:
        """Keep both views of the profile that is kept, made anew under what is shared at this moment.

        As in `change`, no other change comes between. None, and nothing, where there is no profile.

        Raises:
            UnknownListener: there is no such listener; perhaps erased meanwhile.
        """
        ...


class Clusterer(Protocol):
    """Finds groups among vectors."""

    def cluster(self, vectors: Floats, weights: Floats, n_clusters: int) -> NDArray[np.int64]:
        """The group of each vector: [n], from 0, the same for the same vectors.

        Args:
            vectors: [n, dim] float32.
            weights: [n] float32, > 0: how much each vector counts.
            n_clusters: how many groups, from 1 to n; where vectors coincide, fewer may come back.
        """
        ...


class PositionStore(Protocol):
    """Projects stored vectors where they are kept, so that no vector has to travel."""

    def sample_products(self, axes: Floats, model_version: str, n: int) -> Floats:
        """[m, 2] float32, m <= n: inner products with two axes, of those who may be found, without ids.

        Always the same listeners, as long as they are there: an arbitrary sample of those who are
        discoverable and not paused, and have a vector of that version. Nobody else ever enters.

        Args:
            axes: [2, 2 * dim] float32.
            model_version: only vectors of this version are looked at.
            n: how many at most; 0 or fewer give none.
        """
        ...
