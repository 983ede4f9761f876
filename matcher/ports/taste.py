"""Keeping libraries and what is left out of them; finding groups among vectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.domain.consent import Sharing
from matcher.domain.exclusions import LeftOut
from matcher.domain.library import Library
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports.values import Shown
from matcher.scoring.packed_candidates import PackedProfile


@dataclass(frozen=True, slots=True)
class KeptTaste:
    """What is kept of a listener's taste.

    Attributes:
        left_out: what is left out.
        library: reads the library; gives None when there is none, or none that can be read.
        sharing: what others may find of it.
        profile: reads the profile; gives None when there is none.
    """

    left_out: frozenset[LeftOut]
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

    left_out: frozenset[LeftOut]
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

    def left_out(self, listener_id: str) -> Mapping[LeftOut, datetime]:
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
