"""Bags of items as sparse matrices, on which the rivals work."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matcher.domain.profile import Bag, ListenerProfile

Profiles = Sequence[ListenerProfile]
Matrix = sp.csr_array
"""[n_listeners, n_columns] float64."""


def bag_of_items(profile: ListenerProfile) -> Bag:
    """Log-damped plays by track, or by artist if the track is unknown."""
    tracks = {f"t:{key}": float(np.log1p(plays)) for key, plays in profile.tracks.items()}
    without_track = dict.fromkeys(item.artist for item in profile.items if not item.track and item.artist)
    artists = {f"a:{key}": float(np.log1p(profile.artists[key])) for key in without_track}
    return {**tracks, **artists}


def bag_of_artists(profile: ListenerProfile) -> Bag:
    """Log-damped plays by artist."""
    return {f"a:{key}": float(np.log1p(plays)) for key, plays in profile.artists.items()}


BAGS: Mapping[str, Callable[[ListenerProfile], Bag]] = {"items": bag_of_items, "artists": bag_of_artists}
"""Bags of a profile by kind."""


def count_listeners(bags: Iterable[Iterable[str]]) -> Counter[str]:
    """Number of bags that hold each key."""
    return Counter(key for bag in bags for key in bag)


@dataclass(frozen=True, eq=False)
class ItemColumns:
    """Matrix columns of the items of training listeners.

    Attributes:
        numbers: column by key.
        counts: [n_columns], number of training listeners of each item.
        n_listeners: number of training listeners.
        kind: key of `BAGS`.
    """

    numbers: Mapping[str, int]
    counts: NDArray[np.float64]
    n_listeners: int
    kind: str

    @classmethod
    def of(cls, profiles: Profiles, kind: str = "items") -> "ItemColumns":
        """Columns of all items of training listeners."""
        counts = count_listeners(map(BAGS[kind], profiles))
        numbers = {key: number for number, key in enumerate(counts)}
        return cls(numbers, np.fromiter(counts.values(), np.float64, len(counts)), len(profiles), kind)

    @property
    def idf(self) -> NDArray[np.float64]:
        """[n_columns], ln((n + 1) / (df + 1)) + 1; largest for items new to training."""
        return np.asarray(np.log((self.n_listeners + 1) / (self.counts + 1)) + 1.0)

    def extended(self, *sides: Profiles) -> "ItemColumns":
        """These columns, and one for each item of `sides` that is new to training."""
        new = dict.fromkeys(key for side in sides for profile in side for key in BAGS[self.kind](profile))
        unseen = [key for key in new if key not in self.numbers]
        numbers = {**self.numbers, **{key: number for number, key in enumerate(unseen, len(self.numbers))}}
        counts = np.concatenate([self.counts, np.zeros(len(unseen))])
        return ItemColumns(numbers, counts, self.n_listeners, self.kind)

    def matrix(self, profiles: Profiles) -> Matrix:
        """Log-damped plays: [n_listeners, n_columns]; items without a column are ignored."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for profile in profiles:
            for key, value in BAGS[self.kind](profile).items():
                if key in self.numbers:
                    columns.append(self.numbers[key])
                    values.append(value)
            ends.append(len(columns))
        shape = (len(profiles), len(self.counts))
        entries = (np.asarray(values, np.float64), np.asarray(columns, np.int32), np.asarray(ends, np.int32))
        return sp.csr_array(entries, shape=shape)


def unit_rows(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows of length 1; rows of zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1.0), np.float64)
