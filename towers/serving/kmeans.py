"""K-means with numpy only.

`sklearn.cluster` would add 78 MB to the serving process, `scipy.cluster.vq` 16 MB and no weights.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats

Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]

_MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class SeededKMeans:
    """Weighted k-means: the best of several k-means++ starts, deterministic by `seed`.

    Sources: Lloyd 1982; Arthur and Vassilvitskii 2007.
    """

    seed: int = 7
    n_starts: int = 8

    def cluster(self, vectors: Floats, weights: Floats, n_clusters: int) -> Labels:
        """[n] labels, numbered from 0 in the order of the clusters' first vectors.

        `vectors` are [n, dim] float32, `weights` [n] float32 > 0. There are fewer clusters if vectors
        coincide.

        Raises:
            ValueError: `n_clusters` is below 1 or above n.
        """
        if not 1 <= n_clusters <= len(vectors):
            raise ValueError(f"{len(vectors)} vectors cannot form {n_clusters} groups")
        rng = np.random.default_rng([self.seed, n_clusters])
        data = _WeightedPoints(vectors.astype(np.float64), weights.astype(np.float64))
        runs = [_lloyd(data, _kmeans_plus_plus(data, n_clusters, rng)) for _ in range(self.n_starts)]
        labels, _ = min(runs, key=lambda run: run[1])
        return _renumbered(labels)


@dataclass(frozen=True, eq=False)
class _WeightedPoints:
    points: Doubles
    weights: Doubles

    @cached_property
    def lengths(self) -> Doubles:
        """[n, 1], squared lengths of the points."""
        return np.asarray((self.points**2).sum(axis=1)[:, np.newaxis])

    def squared_distances(self, centres: Doubles) -> Doubles:
        """[n, n_centres], >= 0 despite rounding errors."""
        lengths = self.lengths + (centres**2).sum(axis=1)
        return np.asarray(np.maximum(lengths - 2 * self.points @ centres.T, 0.0))

    def means(self, labels: Labels, centres: Doubles) -> Doubles:
        """[n_clusters, dim] weighted means; an empty cluster keeps its centre."""
        shares = (labels[:, np.newaxis] == np.arange(len(centres))) * self.weights[:, np.newaxis]
        totals = shares.sum(axis=0)[:, np.newaxis]
        means = shares.T @ self.points / np.maximum(totals, np.finfo(float).tiny)
        return np.where(totals > 0, means, centres)


def _kmeans_plus_plus(data: _WeightedPoints, n_clusters: int, rng: np.random.Generator) -> Doubles:
    """[n_clusters, dim], sampled by squared distance to the nearest centre."""
    centres = [_draw(data, data.weights, rng)]
    while len(centres) < n_clusters:
        nearest = data.squared_distances(np.array(centres)).min(axis=1)
        centres.append(_draw(data, data.weights * nearest, rng))
    return np.array(centres)


def _draw(data: _WeightedPoints, odds: Doubles, rng: np.random.Generator) -> Doubles:
    total = odds.sum()
    # all odds are 0 if every point is a centre
    share = odds / total if total > 0 else data.weights / data.weights.sum()
    return np.asarray(data.points[rng.choice(len(data.points), p=share)])


def _lloyd(data: _WeightedPoints, centres: Doubles) -> tuple[Labels, float]:
    """Lloyd iterations until convergence: labels, weighted sum of squared distances."""
    labels, distances = np.full(len(data.points), -1), data.squared_distances(centres)
    for _ in range(_MAX_STEPS):
        nearest = distances.argmin(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels, centres = nearest, data.means(nearest, centres)
        distances = data.squared_distances(centres)
    return labels, float(data.weights @ distances.min(axis=1))


def _renumbered(labels: Labels) -> Labels:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], np.int64)
