"""Hubness: how close a listener lies to everybody, predicted from that listener's profile alone.

Where there are many dimensions, a few points become neighbours of a great many others: hubs (M. Radovanović,
A. Nanopoulos, M. Ivanović, "Hubs in Space", JMLR 11, 2010). Here they are people who would be shown to
everyone. The remedy that costs least is to take off a pair's score what each side has with its nearest anyway
(A. Conneau et al., "Word Translation Without Parallel Data", ICLR 2018: CSLS; D. Schnitzer et al., "Local and
Global Scaling Reduce Hubs in Space", JMLR 13, 2012). Those read it off everybody's neighbours, so it changes
with every newcomer. Ours is predicted from a few figures of the profile, with weights learned in training: a
pure function of the profile and the model, so that a refresh alone gives what a rebuild would
(docs/adr/0008-fair-exposure.md).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats, query_of
from matcher.scoring.cosine import cosine_kernel
from matcher.scoring.overlap import KINDS, NORM_POWER, ItemFrequencies, WeighedBag

Doubles = NDArray[np.float64]

FIGURES = (*(f"{kind} size" for kind in KINDS), *(f"{kind} common" for kind in KINDS), "near", "cosine")
"""What hubness is predicted from: how big each bag is, how common what is in it, how near the centroids."""

N_NEAREST = 3
"""Centroids that count."""


@dataclass(frozen=True, slots=True, eq=False)
class HubnessModel:
    """Predicts how close a listener lies to everybody.

    Attributes:
        centroids: [n_centroids, 2 * dim] float64, means of many training listeners' stored vectors; nobody's.
        reach: that of the ranker, see `cosine_kernel`.
        low, high: [n_figures] float64, the range of each figure; what lies outside is clipped.
        slopes: [n_figures] float64, >= 0: hubness for one more of each figure.
        base: hubness where every figure is 0; below 0, so that whoever lies alone is not lifted.

    Raises:
        ValueError: shapes do not belong together, a number is not finite, a slope below 0, or a range upside
            down.
    """

    centroids: Doubles
    reach: float
    low: Doubles
    high: Doubles
    slopes: Doubles
    base: float

    def __post_init__(self) -> None:
        rows = (self.low, self.high, self.slopes)
        if (
            self.centroids.ndim != 2
            or not len(self.centroids)
            or any(r.shape != (len(FIGURES),) for r in rows)
        ):
            raise ValueError("hubness is predicted from other figures")
        if not all(np.isfinite(one).all() for one in (*rows, self.centroids, [self.base, self.reach])):
            raise ValueError("the figures of hubness must be finite")
        if (self.slopes < 0).any() or (self.low > self.high).any() or self.reach <= 0:
            raise ValueError("hubness never falls as a figure rises")

    def of(self, stored: Floats, bags: Doubles) -> Doubles:
        """Hubness of many listeners, each by itself: the others in the batch make no difference.

        Args:
            stored: [n, 2 * dim] float32, stored vectors.
            bags: [n, 6] float64, the `bag_figures` of each.

        Returns:
            [n] float64, >= 0, in units of the ranker's raw sum.
        """
        figures = np.hstack([bags, self.place(stored)])
        return np.asarray(self.predict(figures))

    def place(self, stored: Floats) -> Doubles:
        """[n, 2] float64: mean kernel and mean cosine of the nearest centroids."""
        return place_among(self.centroids, self.reach, stored)

    def predict(self, figures: Doubles) -> Doubles:
        """[n] float64 hubness of [n, n_figures] figures."""
        clipped = np.clip(figures, self.low, self.high)
        # a sum along the last axis, not a matrix product: the same for one row as for many
        return np.asarray(np.maximum(self.base + (clipped * self.slopes).sum(axis=1), 0.0))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As named arrays."""
        return {
            "centroids": self.centroids,
            "low": self.low,
            "high": self.high,
            "slopes": self.slopes,
            "base_and_reach": np.array([self.base, self.reach]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "HubnessModel":
        """What `to_arrays` was called on.

        Raises:
            KeyError, ValueError, TypeError: `arrays` was not made by `to_arrays`.
        """
        base, reach = (float(one) for one in arrays["base_and_reach"])
        names = ("centroids", "low", "high", "slopes")
        centroids, low, high, slopes = (np.asarray(arrays[name], np.float64) for name in names)
        return cls(centroids, reach, low, high, slopes, base)


def place_among(centroids: Doubles, reach: float, stored: Floats) -> Doubles:
    """Where stored vectors lie among centroids: [n, 2] float64, kernel and cosine of the nearest three.

    Args:
        centroids: [n_centroids, 2 * dim].
        reach: that of the ranker.
        stored: [n, 2 * dim].
    """
    cosines = np.einsum("nd,cd->nc", query_of(stored).astype(np.float64), centroids)
    nearest = -np.sort(-cosines, axis=1)[:, :N_NEAREST]
    near = cosine_kernel(nearest, reach)
    return np.column_stack([near.mean(axis=1), nearest.mean(axis=1)])


def bag_figures(bags: Mapping[str, WeighedBag], frequencies: ItemFrequencies) -> Doubles:
    """What the bags of one listener say about its hubness.

    Returns:
        [6] float64, >= 0: by kind, what sharing a given part of the bag adds to an overlap (the norm to the
        power left of it); then by kind, the overlap to be expected with a training listener drawn at random.
    """
    sizes = [bags[kind].norm ** (1.0 - NORM_POWER) for kind in KINDS]
    return np.array(sizes + [_expected(bags[kind], kind, frequencies) for kind in KINDS])


def _expected(bag: WeighedBag, kind: str, frequencies: ItemFrequencies) -> float:
    """Sum over items of weight, share of listeners who have it, and idf, by the bag's norm."""
    if not bag.weights:
        return 0.0
    counts = frequencies.counts.get(kind, {})
    found = ((counts.get(key, 0), key, weight) for key, weight in bag.weights.items())
    total = math.fsum(weight * n * frequencies.idf(kind, key) for n, key, weight in found if n)
    return float(total / max(frequencies.n_listeners, 1) / bag.norm**NORM_POWER)


def stack(rows: Sequence[Doubles]) -> Doubles:
    """[n, 6] float64 of the `bag_figures` of several listeners; no listeners give [0, 6]."""
    return np.asarray(rows, np.float64).reshape(len(rows), 2 * len(KINDS))
