"""Keeping listeners with their profiles and vectors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports.finding import CandidateFinder
from matcher.ports.values import Account, Candidate, ErasureReceipt, Listener, Neighbour, Shown
from matcher.scoring.packed_candidates import BARE, PackedProfile


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

    def save_profile(
        self,
        listener_id: str,
        profile: ListenerProfile,
        stored: Floats,
        model_version: str,
        now: datetime,
        packed: PackedProfile = BARE,
        shown: Shown | None = None,
    ) -> bool:
        """Keep a profile with its vector and packed form; False when all are as they were.

        Then only the time of reading is written. Without `shown`, others find the profile as it is.

        Raises:
            UnknownListener: it has been erased meanwhile.
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

    def vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision, by which the listener is found under that version, or None."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 vectors of what is shown, under that version, of the findable, by id."""
        ...

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        """When the profile was last read, or None."""
        ...

    def nearest(self, query: Floats, k: int, model_version: str, exclude: str) -> list[Neighbour]:
        """At most `k` listeners by falling inner product, whom `exclude` may see, without `exclude`.

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
        """How many listeners can be found under that version; an estimate where they are many."""
        ...

    def forget(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener. An unknown id erases nothing.

        Who blocked, reported or declined whom is kept under fingerprints of the accounts, for a year.
        """
        ...
