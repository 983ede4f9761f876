"""Learns to predict hubness, and the weight of its correction."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from sklearn.cluster import KMeans

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports import Embedder
from matcher.scoring.candidates import Candidates
from matcher.scoring.components import HUBNESS, WeighedProfile
from matcher.scoring.exposure import AIMED_SHARE, bound, count_shown
from matcher.scoring.hubness import FIGURES, HubnessModel, bag_figures, place_among, stack
from matcher.scoring.ranker import Ranker

Doubles = NDArray[np.float64]

MAX_SAMPLE = 1_000
"""Most listeners in the sample, held-out listeners first."""
MIN_SAMPLE = 60
"""Fewest listeners to learn from.

With as many held-out listeners, only these are used: the towers separate their training listeners from all
others, so these have a lower hubness than newcomers (docs/adr/0008).
"""
MAX_CENTROIDS, LISTENERS_PER_CENTROID, MIN_MEMBERS = 64, 20, 5
"""A centroid is the mean of five or more listeners, to show nobody's own vector."""
N_NEIGHBOURS = 30
"""Neighbours whose mean score is the hubness (docs/adr/0008).

With ten, near-duplicates dominate the mean, and listeners without any would rank above all others.
"""
RIDGE = 5.0
ISOLATED_SHARE = 0.1
"""Share of listeners whose hubness is set to 0, lowest first."""
WEIGHTS_TO_TRY = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Weights of the correction, tried in this order; larger ones hurt calibration."""
EVENNESS_TOLERANCE = 1.1
"""Tolerance for evenness of exposure, relative to the best."""


def learn_hubness(
    embedder: Embedder,
    ranker: Ranker,
    known: Sequence[ListenerProfile],
    held_out: Sequence[ListenerProfile],
    rng: np.random.Generator,
    *,
    towers_are_final: bool = True,
) -> Ranker:
    """Add hubness to a ranker, with the smallest weight for fair exposure.

    The target is the mean raw sum with a listener's `N_NEIGHBOURS` best matches, training listeners included.
    Centroids are means of `known`, the towers' training listeners. With too few listeners the ranker is
    returned unchanged. Unless `towers_are_final`, hubness is predicted from the bags alone, because the
    distance to centroids changes when the towers are trained again (docs/adr/0008).
    """
    newcomers, others = _sample(held_out, rng), _sample(known, rng)
    newcomers = newcomers[: max(MAX_SAMPLE // 2, MAX_SAMPLE - len(others))]
    sample = newcomers + others[: MAX_SAMPLE - len(newcomers)]
    if len(sample) < MIN_SAMPLE:
        return ranker
    stored = embedder.embed(sample).stored
    weighed = [ranker.weigh(profile, row) for profile, row in zip(sample, stored, strict=True)]
    raw = _raw_sums(ranker, weighed)
    bags = stack([bag_figures(row.bags, ranker.frequencies) for row in weighed])
    clustered = embedder.embed(others).stored if len(others) >= MIN_SAMPLE else stored
    centroids = find_centroids(clustered, int(rng.integers(2**31)))
    place = place_among(centroids, ranker.reach, stored)
    figures = np.hstack([bags, place if towers_are_final else np.zeros_like(place)])
    fitted = slice(len(newcomers) if len(newcomers) >= MIN_SAMPLE else None)
    hubness = fit_hubness(centroids, ranker.reach, figures[fitted], neighbour_scores(raw)[fitted])
    weight = choose_weight(raw, hubness.predict(figures))
    return replace(ranker, weights={**ranker.weights, HUBNESS: weight}, hubness=hubness)


def find_centroids(stored: Floats, seed: int) -> Doubles:
    """Cluster stored vectors [n, 2 * dim], n > 0, by k-means.

    Returned are [n_centroids, 2 * dim] float64, means of clusters with `MIN_MEMBERS` or more; the mean of all
    if there is no such cluster.
    """
    n_centroids = min(max(len(stored) // LISTENERS_PER_CENTROID, 1), MAX_CENTROIDS)
    clusters = KMeans(n_centroids, n_init=1, random_state=seed).fit(stored.astype(np.float64))
    n_members = np.bincount(clusters.labels_, minlength=n_centroids)
    large = clusters.cluster_centers_[n_members >= MIN_MEMBERS]
    return np.asarray(large if len(large) else stored.astype(np.float64).mean(axis=0, keepdims=True))


def neighbour_scores(raw: Doubles) -> Doubles:
    """[n] mean raw sum with the best `N_NEIGHBOURS`, of [n, n] without the diagonal."""
    others = raw.copy()
    np.fill_diagonal(others, -np.inf)
    n_neighbours = min(N_NEIGHBOURS, len(raw) - 1)
    return np.asarray(-np.partition(-others, n_neighbours - 1, axis=1)[:, :n_neighbours].mean(axis=1))


def fit_hubness(centroids: Doubles, reach: float, figures: Doubles, target: Doubles) -> HubnessModel:
    """Fit `target` [n] by non-negative ridge regression on `figures` [n, n_figures]."""
    # hubs have the highest figures: clip none of these
    low, high = np.quantile(figures, 0.01, axis=0), figures.max(axis=0)
    clipped = np.clip(figures, low, high)
    spread = clipped.std(axis=0)
    used = spread > 1e-9
    scaled = (clipped[:, used] - clipped[:, used].mean(axis=0)) / spread[used]
    ridge = np.sqrt(RIDGE) * np.eye(int(used.sum()))
    centred = np.concatenate([target - target.mean(), np.zeros(len(ridge))])
    coefficients, _ = nnls(np.vstack([scaled, ridge]), centred)
    slopes = np.zeros(len(FIGURES))
    slopes[used] = coefficients / spread[used]
    base = -float(np.quantile(clipped @ slopes, ISOLATED_SHARE))
    return HubnessModel(centroids, reach, low, high, slopes, base)


def choose_weight(raw: Doubles, hubness: Doubles) -> float:
    """Smallest weight within the aimed exposure, or the largest with even exposure.

    `raw` is [n, n] without hubness, `hubness` [n]. Evenness is the mean exposure of the most shown 1 % of
    listeners, because the maximum is mostly chance. The largest weight is chosen because newcomers have a
    higher hubness than this sample; but no correction, if that is as even.
    """
    limit = bound(len(raw) - 1, AIMED_SHARE) * (len(raw) - 1)
    n_top, top_exposure = math.ceil(len(raw) / 100), []
    for weight in WEIGHTS_TO_TRY:
        counts = np.sort(count_shown(raw - 0.5 * weight * hubness))
        if counts[-1] <= limit:
            return weight
        top_exposure.append(counts[-n_top:].mean())
    tolerated = EVENNESS_TOLERANCE * min(top_exposure)
    even = [weight for weight, mean in zip(WEIGHTS_TO_TRY, top_exposure, strict=True) if mean <= tolerated]
    return 0.0 if 0.0 in even else even[-1]


def _raw_sums(ranker: Ranker, weighed: Sequence[WeighedProfile]) -> Doubles:
    pool = Candidates([str(row) for row in range(len(weighed))], weighed)
    return ranker.raw_sums(np.array([pool.components(profile) for profile in weighed]))


def _sample(profiles: Sequence[ListenerProfile], rng: np.random.Generator) -> list[ListenerProfile]:
    drawn = (profiles[row] for row in rng.permutation(len(profiles)))
    return list(islice((profile for profile in drawn if not profile.is_empty), MAX_SAMPLE))
