"""K-means on numpy alone.

scikit-learn's is the same algorithm, but importing `sklearn.cluster` adds 78 MB to the process that serves
listeners, of which 16 MB are `scipy.cluster.vq`, which takes no weights; a hundred artists need neither.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.vectors import Floats

Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class SeededKMeans:
    """Weighted k-means (Lloyd 1982), the best of several k-means++ starts (Arthur and Vassilvitskii 2007).

    Attributes:
        seed: of all chance: the same vectors always fall into the same groups.
        n_starts: how often it is begun anew.
    """

    seed: int = 7
    n_starts: int = 8

    def cluster(self, vectors: Floats, weights: Floats, n_clusters: int) -> Labels:
        """The group of each vector: [n], numbered from 0 in the order of their first vectors.

        Args:
            vectors: [n, dim] float32.
            weights: [n] float32, > 0: how much each vector counts.
            n_clusters: how many groups, from 1 to n; where vectors coincide, fewer may come back.

        Raises:
            ValueError: there are fewer vectors than groups, or no group.
        """
        if not 1 <= n_clusters <= len(vectors):
            raise ValueError(f"{len(vectors)} vectors cannot form {n_clusters} groups")
        rng = np.random.default_rng([self.seed, n_clusters])
        cloud = _Cloud(vectors.astype(np.float64), weights.astype(np.float64))
        runs = [_run(cloud, _start(cloud, n_clusters, rng)) for _ in range(self.n_starts)]
        labels, _ = min(runs, key=lambda run: run[1])
        return _renumbered(labels)


@dataclass(frozen=True, eq=False)
class _Cloud:
    """What is to be divided: [n, dim] points, and [n] how much each counts."""

    points: Doubles
    weights: Doubles

    @cached_property
    def lengths(self) -> Doubles:
        """[n, 1] squared lengths of the points."""
        return np.asarray((self.points**2).sum(axis=1)[:, np.newaxis])

    def squared_distances(self, centres: Doubles) -> Doubles:
        """[n, n_centres], rounded up to 0 where they vanish."""
        lengths = self.lengths + (centres**2).sum(axis=1)
        return np.asarray(np.maximum(lengths - 2 * self.points @ centres.T, 0.0))

    def means(self, labels: Labels, centres: Doubles) -> Doubles:
        """[n_clusters, dim] weighted means of the groups; an empty group keeps its centre."""
        shares = (labels[:, np.newaxis] == np.arange(len(centres))) * self.weights[:, np.newaxis]
        totals = shares.sum(axis=0)[:, np.newaxis]
        means = shares.T @ self.points / np.maximum(totals, np.finfo(float).tiny)
        return np.where(totals > 0, means, centres)


def _start(cloud: _Cloud, n_clusters: int, rng: np.random.Generator) -> Doubles:
    """[n_clusters, dim] first centres, each drawn the likelier the farther from those drawn before."""
    centres = [_draw(cloud, cloud.weights, rng)]
    while len(centres) < n_clusters:
        nearest = cloud.squared_distances(np.array(centres)).min(axis=1)
        centres.append(_draw(cloud, cloud.weights * nearest, rng))
    return np.array(centres)


def _draw(cloud: _Cloud, chances: Doubles, rng: np.random.Generator) -> Doubles:
    """A point, each drawn the likelier the greater its chance; where none has any, by weight."""
    total = chances.sum()
    share = chances / total if total > 0 else cloud.weights / cloud.weights.sum()
    return np.asarray(cloud.points[rng.choice(len(cloud.points), p=share)])


def _run(cloud: _Cloud, centres: Doubles) -> tuple[Labels, float]:
    """Groups around centres that have come to rest, and the weighted sum of squared distances to them."""
    labels, distances = np.full(len(cloud.points), -1), cloud.squared_distances(centres)
    for _ in range(_MOST_STEPS):
        nearest = distances.argmin(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels, centres = nearest, cloud.means(nearest, centres)
        distances = cloud.squared_distances(centres)
    return labels, float(cloud.weights @ distances.min(axis=1))


def _renumbered(labels: Labels) -> Labels:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], np.int64)
