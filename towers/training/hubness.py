"""Learning to foresee crowding, and how much it must count so that nobody is shown to everybody."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from sklearn.cluster import KMeans

from matcher.crowding import FIGURES, Crowding, bag_figures, place_among, stack
from matcher.exposure import AIMED_SHARE, bound, count_shown
from matcher.pool import CandidatePool
from matcher.ports import Embedder
from matcher.profile import ListenerProfile
from matcher.rank import COMPONENTS, CROWD, Ranker, WeighedProfile, bend
from matcher.vectors import Floats

Doubles = NDArray[np.float64]

MOST_LOOKED_AT = 1_000
"""Listeners among whom it is learned, those the towers do not know first."""
FEWEST_LOOKED_AT = 60
"""Of fewer nothing is learned; and from so many held-out listeners on, crowding is learned from these alone.
The towers put those they were trained on apart from others, so that a known listener seems less crowded than
a newcomer (docs/adr/0008)."""
MOST_CENTROIDS, LISTENERS_EACH, FEWEST_MEMBERS = 64, 20, 5
"""A centroid is the mean of twenty listeners or so, and never of fewer than five: nobody's own vector."""
N_RIVALS = 30
"""A listener is crowded who scores high with this many others. With ten, near-twins make the figure, and
whoever has none would be lifted above everybody (docs/adr/0008)."""
RIDGE = 5.0
ALONE = 0.1
"""The least crowded tenth counts as not crowded at all."""
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Weights that are tried, in this order. Beyond these percentages become less true (docs/adr/0008)."""
AS_EVEN = 1.1
"""Lists count as even as the evenest if they are less than a tenth less so."""


def learn_crowding(
    embedder: Embedder,
    ranker: Ranker,
    known: Sequence[ListenerProfile],
    held_out: Sequence[ListenerProfile],
    rng: np.random.Generator,
    *,
    towers_stay: bool = True,
) -> Ranker:
    """The ranker with crowding in it, and the smallest weight of it that shows nobody too often.

    The figure that is foreseen is the mean raw sum with one's `N_RIVALS` best others, known ones among them.
    With too few listeners to learn from the ranker stays as it is.

    Args:
        embedder: the towers.
        ranker: with learned weights, without crowding.
        known: listeners the towers were trained on. Centroids are means of these, so that the held-out lie
            among them as newcomers will.
        held_out: listeners they were not trained on.
        rng: draws listeners, and where the centroids start.
        towers_stay: whether these towers will serve. Where others will, trained anew, crowding is foreseen
            from the bags alone: how near a listener lies to centroids is another figure there
            (docs/adr/0008).
    """
    unknown, others = _drawn(held_out, rng), _drawn(known, rng)
    unknown = unknown[: max(MOST_LOOKED_AT // 2, MOST_LOOKED_AT - len(others))]
    sample = unknown + others[: MOST_LOOKED_AT - len(unknown)]
    if len(sample) < FEWEST_LOOKED_AT:
        return ranker
    stored = embedder.embed(sample).stored
    weighed = [ranker.weigh(one, row) for one, row in zip(sample, stored, strict=True)]
    raw = _raw_sums(ranker, weighed)
    bags = stack([bag_figures(one.bags, ranker.frequencies) for one in weighed])
    between = embedder.embed(others).stored if len(others) >= FEWEST_LOOKED_AT else stored
    centroids = find_centroids(between, int(rng.integers(2**31)))
    place = place_among(centroids, ranker.reach, stored)
    figures = np.hstack([bags, place if towers_stay else np.zeros_like(place)])
    learned_from = slice(len(unknown) if len(unknown) >= FEWEST_LOOKED_AT else None)
    crowding = fit_crowding(centroids, ranker.reach, figures[learned_from], closeness(raw)[learned_from])
    weight = choose_weight(raw, crowding.foresee(figures))
    return replace(ranker, weights={**ranker.weights, CROWD: weight}, crowding=crowding)


def find_centroids(stored: Floats, seed: int) -> Doubles:
    """Means of stored vectors in the places where listeners are many.

    Args:
        stored: [n, 2 * dim], n > 0.
        seed: where k-means starts.

    Returns:
        [n_centroids, 2 * dim] float64, each the mean of `FEWEST_MEMBERS` listeners or more; of all, where no
        place has so many.
    """
    n_centroids = min(max(len(stored) // LISTENERS_EACH, 1), MOST_CENTROIDS)
    found = KMeans(n_centroids, n_init=1, random_state=seed).fit(stored.astype(np.float64))
    n_members = np.bincount(found.labels_, minlength=n_centroids)
    kept = found.cluster_centers_[n_members >= FEWEST_MEMBERS]
    return np.asarray(kept if len(kept) else stored.astype(np.float64).mean(axis=0, keepdims=True))


def closeness(raw: Doubles) -> Doubles:
    """[n] mean of each listener's highest raw sums with others, of [n, n]; the diagonal is not looked at."""
    others = raw.copy()
    np.fill_diagonal(others, -np.inf)
    n_rivals = min(N_RIVALS, len(raw) - 1)
    return np.asarray(-np.partition(-others, n_rivals - 1, axis=1)[:, :n_rivals].mean(axis=1))


def fit_crowding(centroids: Doubles, reach: float, figures: Doubles, close: Doubles) -> Crowding:
    """Non-negative ridge regression of closeness on the figures.

    Args:
        centroids: as `Crowding` has them.
        reach: likewise.
        figures: [n, n_figures].
        close: [n], what is to be foreseen.
    """
    # the highest figures are the hubs': cut off nothing there but what lies beyond them
    low, high = np.quantile(figures, 0.01, axis=0), figures.max(axis=0)
    clipped = np.clip(figures, low, high)
    spread = clipped.std(axis=0)
    used = spread > 1e-9
    scaled = (clipped[:, used] - clipped[:, used].mean(axis=0)) / spread[used]
    ridge = np.sqrt(RIDGE) * np.eye(int(used.sum()))
    found, _ = nnls(np.vstack([scaled, ridge]), np.concatenate([close - close.mean(), np.zeros(len(ridge))]))
    slopes = np.zeros(len(FIGURES))
    slopes[used] = found / spread[used]
    base = -float(np.quantile(clipped @ slopes, ALONE))
    return Crowding(centroids, reach, low, high, slopes, base)


def choose_weight(raw: Doubles, crowding: Doubles) -> float:
    """The smallest weight that keeps exposure within what is aimed at; where none does, one of the evenest.

    The evenest is that whose most shown hundredth of listeners is shown least, in the mean: the largest share
    is one listener's, and mostly chance. Of those as even the largest is taken, as strangers are more
    crowded than the known ones among whom it is chosen; and none, where that is as even.

    Args:
        raw: [n, n] raw sums without crowding.
        crowding: [n].
    """
    most = bound(len(raw) - 1, AIMED_SHARE)
    n_top, unevenness = math.ceil(len(raw) / 100), []
    for weight in WEIGHTS:
        counts = np.sort(count_shown(raw - 0.5 * weight * crowding))
        if counts[-1] <= most * (len(raw) - 1):
            return weight
        unevenness.append(counts[-n_top:].mean())
    even = [
        weight for weight, one in zip(WEIGHTS, unevenness, strict=True) if one <= AS_EVEN * min(unevenness)
    ]
    return 0.0 if 0.0 in even else even[-1]


def _raw_sums(ranker: Ranker, weighed: Sequence[WeighedProfile]) -> Doubles:
    pool = CandidatePool([str(place) for place in range(len(weighed))], weighed)
    values = np.array([pool.components(one) for one in weighed])
    weights = np.array([ranker.weights.get(name, 0.0) for name in COMPONENTS])
    return np.asarray(bend(values, ranker.reach) @ weights)


def _drawn(profiles: Sequence[ListenerProfile], rng: np.random.Generator) -> list[ListenerProfile]:
    """As many as are looked at, those without music left out."""
    drawn = (profiles[place] for place in rng.permutation(len(profiles)))
    return list(islice((one for one in drawn if not one.is_empty), MOST_LOOKED_AT))
