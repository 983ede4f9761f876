"""Artists that can be picked: those of many training listeners, and who hears them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

LEAST_LISTENERS = 5
"""Fewest training listeners of an artist, and of any number that is kept: nothing shows one person."""
FEWEST, MOST = 5, 15
"""Picks that make a profile; `FEWEST` is no fewer than a match needs (`matcher.domain.shown.LEAST`)."""


@dataclass(frozen=True, eq=False)
class PickableArtists:
    """Artists by falling number of listeners, and how often groups of alike listeners hear them.

    Attributes:
        keys: canonical keys, each once.
        names: as written by most listeners; rows match `keys`.
        counts: [n_artists] int64, training listeners of each, at least `LEAST_LISTENERS`.
        sizes: [n_groups] int64 > 0, training listeners in each group.
        hearing: [n_groups, n_artists] int64, how many of a group hear an artist; 0 if fewer than
            `LEAST_LISTENERS`.

    Raises:
        ValueError: shapes or ranges do not match, or a key occurs twice.
    """

    keys: Sequence[str]
    names: Sequence[str]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    hearing: NDArray[np.int64]

    def __post_init__(self) -> None:
        n, groups = len(self.keys), len(self.sizes)
        if len(self.names) != n or self.counts.shape != (n,) or self.hearing.shape != (groups, n):
            raise ValueError("the artists to pick from do not fit each other")
        if len(self.row_of) != n or not n or not groups:
            raise ValueError("an artist stands twice, or there is none")
        if self.counts.min() < LEAST_LISTENERS or self.sizes.min() < 1:
            raise ValueError("an artist has too few listeners to be shown")
        few = (self.hearing > 0) & (self.hearing < LEAST_LISTENERS)
        if few.any() or self.hearing.min() < 0 or (self.hearing > self.sizes[:, np.newaxis]).any():
            raise ValueError("a group has too few listeners of an artist, or too many")

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each key."""
        return {key: row for row, key in enumerate(self.keys)}

    @property
    def n_listeners(self) -> int:
        """Number of training listeners."""
        return int(self.sizes.sum())

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Arrays without pickled objects; inverse of `from_arrays`."""
        return {
            "keys": np.array(self.keys),
            "names": np.array(self.names),
            "counts": self.counts,
            "sizes": self.sizes,
            "hearing": self.hearing.astype(np.int32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "PickableArtists":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `arrays` are not an output of `to_arrays`.
        """
        keys, names = (tuple(map(str, arrays[name])) for name in ("keys", "names"))
        counts, sizes, hearing = (arrays[name].astype(np.int64) for name in ("counts", "sizes", "hearing"))
        return cls(keys, names, counts, sizes, hearing)
