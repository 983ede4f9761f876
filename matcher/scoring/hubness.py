"""Hubness: how close a listener is to everyone, predicted from their profile.

In high dimensions a few points are neighbours of very many others: hubs (M. Radovanović, A. Nanopoulos,
M. Ivanović, "Hubs in Space", JMLR 11, 2010). Here, a hub would be shown to everyone. A cheap remedy subtracts
from a pair's score the mean similarity of each side to its nearest neighbours (A. Conneau et al., "Word
Translation Without Parallel Data", ICLR 2018: CSLS; D. Schnitzer et al., "Local and Global Scaling Reduce
Hubs in Space", JMLR 13, 2012). But that depends on all listeners, and changes with every new one. So it is
predicted from a few figures of the profile, with weights from training: a pure function of profile and model,
for which refreshing one listener equals a full rebuild (docs/adr/0008-fair-exposure.md).
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
"""Predictors: size of each bag, how common its items are, closeness to centroids."""

N_NEAREST = 3  # nearest centroids that count


@dataclass(frozen=True, slots=True, eq=False)
class HubnessModel:
    """Linear model of how close a listener is to everyone.

    Attributes:
        centroids: [n_centroids, 2 * dim] float64, each the mean of many training listeners' stored vectors,
            so that none is a person's.
        reach: the ranker's, see `cosine_kernel`.
        low, high: [n_figures] float64, range to which each figure is clipped.
        slopes: [n_figures] float64, >= 0.
        base: intercept; negative, so that isolated listeners are not raised.

    Raises:
        ValueError: shapes do not match, a number is not finite, a slope is negative, or low > high.
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
        """Hubness of listeners, [n] float64 >= 0, in units of the ranker's raw sum.

        `stored` is [n, 2 * dim] float32, `bags` the [n, 6] `bag_figures`. Rows do not depend on each other.
        """
        figures = np.hstack([bags, self.place(stored)])
        return np.asarray(self.predict(figures))

    def place(self, stored: Floats) -> Doubles:
        """[n, 2] float64: mean kernel and mean cosine of the nearest centroids."""
        return place_among(self.centroids, self.reach, stored)

    def predict(self, figures: Doubles) -> Doubles:
        """[n] float64 hubness from [n, n_figures] figures."""
        clipped = np.clip(figures, self.low, self.high)
        # a sum along the last axis, not a matrix product: bitwise equal for one row and for many
        return np.asarray(np.maximum(self.base + (clipped * self.slopes).sum(axis=1), 0.0))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays."""
        return {
            "centroids": self.centroids,
            "low": self.low,
            "high": self.high,
            "slopes": self.slopes,
            "base_and_reach": np.array([self.base, self.reach]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "HubnessModel":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError: `arrays` is not an output of `to_arrays`.
        """
        base, reach = (float(one) for one in arrays["base_and_reach"])
        names = ("centroids", "low", "high", "slopes")
        centroids, low, high, slopes = (np.asarray(arrays[name], np.float64) for name in names)
        return cls(centroids, reach, low, high, slopes, base)


def place_among(centroids: Doubles, reach: float, stored: Floats) -> Doubles:
    """[n, 2] float64: mean kernel and mean cosine of the nearest three centroids.

    `centroids` is [n_centroids, 2 * dim], `stored` [n, 2 * dim]; `reach` is the ranker's.
    """
    cosines = np.einsum("nd,cd->nc", query_of(stored).astype(np.float64), centroids)
    nearest = -np.sort(-cosines, axis=1)[:, :N_NEAREST]
    near = cosine_kernel(nearest, reach)
    return np.column_stack([near.mean(axis=1), nearest.mean(axis=1)])


def bag_figures(bags: Mapping[str, WeighedBag], frequencies: ItemFrequencies) -> Doubles:
    """Figures of the bags of one listener.

    Returns:
        [6] float64, >= 0: by kind, the norm to the power that the overlap does not divide by (its size);
        then by kind, the expected overlap with a random training listener.
    """
    sizes = [bags[kind].norm ** (1.0 - NORM_POWER) for kind in KINDS]
    return np.array(sizes + [_expected(bags[kind], kind, frequencies) for kind in KINDS])


def _expected(bag: WeighedBag, kind: str, frequencies: ItemFrequencies) -> float:
    """Expected overlap: sum of weight · share of listeners · idf, over the norm."""
    if not bag.weights:
        return 0.0
    counts = frequencies.counts.get(kind, {})
    found = ((counts.get(key, 0), key, weight) for key, weight in bag.weights.items())
    total = math.fsum(weight * n * frequencies.idf(kind, key) for n, key, weight in found if n)
    return float(total / max(frequencies.n_listeners, 1) / bag.norm**NORM_POWER)


def stack(rows: Sequence[Doubles]) -> Doubles:
    """[n, 6] float64 of several `bag_figures`; n may be 0."""
    return np.asarray(rows, np.float64).reshape(len(rows), 2 * len(KINDS))
