"""Keeping listeners with their profiles and vectors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from matcher.listening import Source
from matcher.packed import BARE, PackedProfile
from matcher.ports.finding import CandidateFinder
from matcher.ports.values import Account, Candidate, ErasureReceipt, Listener, Neighbour
from matcher.profile import ListenerProfile
from matcher.vectors import Floats


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

        A listener who has signed in is a person's own, and is left as it is.

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
    ) -> bool:
        """Keep a profile with its vector and packed form; False when all are as they were.

        Then only the time of reading is written.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def save_vector(
        self,
        listener_id: str,
        profile_digest: str,
        stored: Floats,
        model_version: str,
        packed: PackedProfile = BARE,
    ) -> bool:
        """Keep the vector and packed form of the profile with that digest; False when it is another by now.

        Nothing else is touched, the time of reading neither.
        """
        ...

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The profile, or None when none was read yet."""
        ...

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Those that exist, by id."""
        ...

    def vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision, the stored vector under that model version, or None."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 stored vectors under that model version, of those who have one, by id."""
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
