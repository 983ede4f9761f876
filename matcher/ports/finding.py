"""Finding candidates: retrieval, and who may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports.values import Listener


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
