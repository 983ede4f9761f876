"""Evaluation protocols, on the scores of any system.

P1 and P2: same person, disjoint halves (by item, by playlist). P3: friends. P4: profiles with few items.
P5: by thirds of mainstreamness. P6: audio only. P7 is in `truth`, P8 in `scale`. A tie is not a hit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.profile import ListenerProfile
from towers.evaluation.rivals.bags import count_listeners
from towers.metrics import Ranks, Scores, mean_reciprocal_rank, recall_at, true_ranks

Figures = dict[str, float]
THIRDS = ("niche", "middle", "mainstream")
N_MATCHED = 20
"""Strangers each friend is compared with in the degree-matched AUC."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What each listener adds to a figure, which is Σ sums / Σ counts; both are [n]."""

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]


def same_person(scores: Scores) -> Figures:
    """MRR, R@1 and R@10 of finding the other half: the diagonal of [n, n]."""
    return _retrieval(true_ranks(scores))


def same_person_samples(scores: Scores) -> dict[str, Sample]:
    """The figures of `same_person`, query by query."""
    ranks = true_ranks(scores)
    values = {"mrr": 1.0 / ranks, "r@1": ranks <= 1, "r@10": ranks <= 10}
    return {name: Sample(value.astype(np.float64), np.ones(len(ranks))) for name, value in values.items()}


def _retrieval(ranks: Ranks) -> Figures:
    return {"mrr": mean_reciprocal_rank(ranks), "r@1": recall_at(ranks, 1), "r@10": recall_at(ranks, 10)}


def by_thirds(scores: Scores, mainstream: NDArray[np.float64]) -> dict[str, Figures]:
    """`same_person` of [n, n] scores, by third of the queries' mainstreamness [n]."""
    ranks = true_ranks(scores)
    order = np.argsort(mainstream, kind="stable")
    return {
        name: _retrieval(ranks[rows]) for name, rows in zip(THIRDS, np.array_split(order, 3), strict=True)
    }


def mainstreamness(
    profiles: Sequence[ListenerProfile], known: Sequence[ListenerProfile]
) -> NDArray[np.float64]:
    """[n] mean log number of training listeners of a listener's items."""
    counts = count_listeners(map(items_of, known))
    logs = ([np.log1p(counts[key]) for key in items_of(profile)] for profile in profiles)
    return np.array([float(np.mean(row or [0])) for row in logs])


def items_of(profile: ListenerProfile) -> Sequence[str]:
    """Keys of a profile's tracks; of its artists, if no track is known."""
    return list(profile.tracks or profile.artists)


@dataclass(frozen=True, slots=True, eq=False)
class Friendships:
    """Friendships among some listeners.

    Attributes:
        among: [n, n] bool, symmetric, false on the diagonal.
        degrees: [n], number of friends of each listener in the whole data.
    """

    among: NDArray[np.bool_]
    degrees: NDArray[np.int64]


def friendships(pairs: Sequence[tuple[str, str]], listener_ids: Sequence[str]) -> Friendships:
    """Friendships from pairs of ids; pairs with other listeners count as degree only."""
    row_of = {key: row for row, key in enumerate(listener_ids)}
    among = np.zeros((len(row_of), len(row_of)), bool)
    friends: dict[str, set[str]] = {key: set() for key in listener_ids}
    for a, b in pairs:
        for listener, friend in ((a, b), (b, a)):
            if listener in friends and listener != friend:
                friends[listener].add(friend)
                if friend in row_of:
                    among[row_of[listener], row_of[friend]] = True
    return Friendships(among, np.array([len(friends[key]) for key in listener_ids]))


def friend_figures(scores: Scores, friends: Friendships) -> Figures:
    """Mean R@20, AUC and degree-matched AUC of listeners with friends among these.

    `scores` are [n, n] over the same listeners as `friends`; the diagonal is ignored. The degree-matched AUC
    compares a friend with strangers who have a similar number of friends. Without friends R@20 is 0; without
    friends or strangers both AUC are 0.5.
    """
    samples = friend_samples(scores, friends)
    return {
        name: float(sample.sums.sum() / sample.counts.sum()) if sample.counts.any() else _NO_FRIENDS[name]
        for name, sample in samples.items()
    }


_NO_FRIENDS = {"r@20": 0.0, "auc": 0.5, "degree-matched auc": 0.5}


def friend_samples(scores: Scores, friends: Friendships) -> dict[str, Sample]:
    """The figures of `friend_figures`, listener by listener: recall counts each once, AUC each friend."""
    n = len(scores)
    sums, counts = np.zeros((3, n)), np.zeros((3, n))
    for row in np.flatnonzero(friends.among.any(axis=1)):
        others = np.delete(np.arange(n), row)
        row_scores, is_friend = scores[row, others], friends.among[row, others]
        strangers = row_scores[~is_friend]
        sums[0, row], counts[0, row] = _recall_20(row_scores, is_friend), 1
        if len(strangers):
            above = row_scores[is_friend][:, np.newaxis] > strangers
            matched = _degree_matched(friends.degrees[others], is_friend)
            sums[1, row] = above.mean(axis=1).sum()
            sums[2, row] = np.take_along_axis(above, matched, axis=1).mean(axis=1).sum()
            counts[1:, row] = is_friend.sum()
    return {name: Sample(sums[place], counts[place]) for place, name in enumerate(_NO_FRIENDS)}


def _degree_matched(degrees: NDArray[np.int64], is_friend: NDArray[np.bool_]) -> NDArray[np.intp]:
    """[n_friends, N_MATCHED], places among the strangers of those nearest to a friend by degree."""
    logs = np.log1p(degrees)
    gaps = np.abs(logs[is_friend][:, np.newaxis] - logs[~is_friend])
    return np.argsort(gaps, axis=1, kind="stable")[:, :N_MATCHED]


def _recall_20(scores: Scores, is_friend: NDArray[np.bool_]) -> float:
    ranks = (scores[np.newaxis] >= scores[is_friend][:, np.newaxis]).sum(axis=1)
    return float(np.mean(ranks <= 20))


def same_label_at_10(scores: Scores, labels: Sequence[str], asked: NDArray[np.int64] | None = None) -> float:
    """Precision@10 of labels [n] by scores [n, n] (@n-1 if n < 11); self is excluded.

    The mean is over the rows in `asked`; over all, if None.
    """
    others = np.asarray(scores, np.float64).copy()
    np.fill_diagonal(others, -np.inf)
    nearest = np.argsort(-others, axis=1, kind="stable")[:, : min(10, len(others) - 1)]
    names = np.asarray(labels)
    hits = names[nearest] == names[:, np.newaxis]
    return float((hits if asked is None else hits[asked]).mean())


def spread(by_seed: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of each figure over seeds."""
    columns = {name: [figures[name] for figures in by_seed] for name in (by_seed[0] if by_seed else ())}
    return {
        name: {"mean": float(np.mean(values)), "std": float(np.std(values))}
        for name, values in columns.items()
    }
