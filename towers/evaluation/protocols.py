"""The protocols by which matching is measured, on scores of any system.

P1 and P2: same person, disjoint halves (by item, by playlist). P3: friends. P4: thin profiles. P5: by thirds
of mainstreamness. P6: audio alone. A tie is never a hit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.profile import ListenerProfile
from towers.metrics import Ranks, Scores, mean_reciprocal_rank, recall_at, true_ranks

Figures = dict[str, float]
THIRDS = ("niche", "middle", "mainstream")
N_MATCHED = 20
"""Strangers that a friend is compared with in the degree-matched AUC."""


def same_person(scores: Scores) -> Figures:
    """MRR, R@1 and R@10 of finding one's own other half: the diagonal of [n, n]."""
    return _retrieval(true_ranks(scores))


def _retrieval(ranks: Ranks) -> Figures:
    return {"mrr": mean_reciprocal_rank(ranks), "r@1": recall_at(ranks, 1), "r@10": recall_at(ranks, 10)}


def by_thirds(scores: Scores, mainstream: NDArray[np.float64]) -> dict[str, Figures]:
    """`same_person` for the niche, middle and mainstream third of the queries.

    Args:
        scores: [n, n].
        mainstream: [n], higher is more mainstream.
    """
    ranks = true_ranks(scores)
    order = np.argsort(mainstream, kind="stable")
    return {
        name: _retrieval(ranks[rows]) for name, rows in zip(THIRDS, np.array_split(order, 3), strict=True)
    }


def mainstreamness(
    profiles: Sequence[ListenerProfile], known: Sequence[ListenerProfile]
) -> NDArray[np.float64]:
    """[n] mean log number of training listeners of a listener's items."""
    counts: dict[str, int] = {}
    for profile in known:
        for key in items_of(profile):
            counts[key] = counts.get(key, 0) + 1
    return np.array(
        [float(np.mean([np.log1p(counts.get(k, 0)) for k in items_of(p)] or [0])) for p in profiles]
    )


def items_of(profile: ListenerProfile) -> Sequence[str]:
    """Keys of a profile's tracks, or of its artists where no track is known."""
    return list(profile.tracks or profile.artists)


@dataclass(frozen=True, slots=True, eq=False)
class Friendships:
    """Who is whose friend among some listeners.

    Attributes:
        among: [n, n] bool, symmetric, false on the diagonal.
        degrees: [n] number of friends each has in the whole data.
    """

    among: NDArray[np.bool_]
    degrees: NDArray[np.int64]


def friendships(pairs: Sequence[tuple[str, str]], listener_ids: Sequence[str]) -> Friendships:
    """Friendships among listeners, from pairs of ids; pairs with others count for degrees only."""
    place = {key: row for row, key in enumerate(listener_ids)}
    among = np.zeros((len(place), len(place)), bool)
    friends: dict[str, set[str]] = {key: set() for key in listener_ids}
    for one, other in pairs:
        for mine, theirs in ((one, other), (other, one)):
            if mine in friends and mine != theirs:
                friends[mine].add(theirs)
                if theirs in place:
                    among[place[mine], place[theirs]] = True
    return Friendships(among, np.array([len(friends[key]) for key in listener_ids]))


def friends_found(scores: Scores, friends: Friendships) -> Figures:
    """R@20, AUC, and AUC against strangers with as many friends: means over listeners with friends there.

    Without friends R@20 is 0, and without friends or strangers an AUC is 0.5.

    Args:
        scores: [n, n], every listener with every other; the diagonal is not looked at.
        friends: of the same listeners.
    """
    recalls, aucs, matched = [], [], []
    for row in np.flatnonzero(friends.among.any(axis=1)):
        others = np.delete(np.arange(len(scores)), row)
        theirs = scores[row, others]
        is_friend = friends.among[row, others]
        recalls.append(_recall_20(theirs, is_friend))
        strangers, degrees = theirs[~is_friend], friends.degrees[others][~is_friend]
        if not len(strangers):
            continue
        for score, degree in zip(theirs[is_friend], friends.degrees[others][is_friend], strict=True):
            aucs.append(float(np.mean(score > strangers)))
            near = np.argsort(np.abs(np.log1p(degrees) - np.log1p(degree)), kind="stable")[:N_MATCHED]
            matched.append(float(np.mean(score > strangers[near])))
    return {"r@20": _mean(recalls, 0.0), "auc": _mean(aucs, 0.5), "degree-matched auc": _mean(matched, 0.5)}


def _recall_20(scores: Scores, is_friend: NDArray[np.bool_]) -> float:
    """Share of friends that fewer than 20 others reach or beat."""
    beaten = (scores[np.newaxis] >= scores[is_friend][:, np.newaxis]).sum(axis=1)
    return float(np.mean(beaten <= 20))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return float(np.mean(values)) if values else otherwise


def expected_calibration_error(
    chances: NDArray[np.float64], same: NDArray[np.bool_], n_bins: int = 10
) -> float:
    """Mean gap between what was said and what was so, over bins, with true and other pairs balanced.

    M. Naeini, G. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
    AAAI 2015.

    Args:
        chances: [n] in [0, 1].
        same: [n], what was so.
        n_bins: bins of equal width.
    """
    weights = np.where(same, 0.5 / max(same.sum(), 1), 0.5 / max((~same).sum(), 1))
    bins = np.minimum((chances * n_bins).astype(int), n_bins - 1)
    gap = 0.0
    for number in np.unique(bins):
        rows = bins == number
        total = weights[rows].sum()
        said = np.average(chances[rows], weights=weights[rows])
        gap += total * abs(said - weights[rows & same].sum() / total)
    return float(gap)


def same_label_at_10(scores: Scores, labels: Sequence[str]) -> float:
    """Precision@10 of the same label; oneself left out. Among fewer, precision at as many as there are.

    Args:
        scores: [n, n].
        labels: [n].
    """
    own = np.asarray(scores, np.float64).copy()
    np.fill_diagonal(own, -np.inf)
    nearest = np.argsort(-own, axis=1, kind="stable")[:, : min(10, len(own) - 1)]
    names = np.asarray(labels)
    return float((names[nearest] == names[:, np.newaxis]).mean())


def spread(figures: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation over seeds, by figure."""
    names = figures[0].keys() if figures else ()
    return {
        name: {
            "mean": float(np.mean([one[name] for one in figures])),
            "std": float(np.std([one[name] for one in figures])),
        }
        for name in names
    }
