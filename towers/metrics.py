"""Ranking metrics. A tie is not a hit: it ranks before the true candidate."""

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats

Ranks = NDArray[np.int64]
Scores = NDArray[np.floating]


def true_ranks(scores: Scores, truth: NDArray[np.integer] | None = None) -> Ranks:
    """Rank of the true candidate of each query, from 1: [n_queries] int64.

    Args:
        scores: [n_queries, n_candidates], higher is better; NaN counts as the highest score.
        truth: [n_queries], column of the true candidate; the diagonal if omitted.

    Raises:
        ValueError: a true candidate is not among the columns.
    """
    columns = np.arange(len(scores)) if truth is None else truth
    if len(columns) != len(scores) or (len(scores) and columns.max() >= scores.shape[1]):
        raise ValueError("every query needs its true candidate among the columns")
    true_scores = scores[np.arange(len(scores)), columns]
    return np.asarray(np.logical_not(scores < true_scores[:, None]).sum(axis=1), np.int64)


def recall_at(ranks: Ranks, k: int) -> float:
    """Share of queries with the true candidate among the first `k`; 0 without queries."""
    return float((ranks <= k).mean()) if len(ranks) else 0.0


def mean_reciprocal_rank(ranks: Ranks) -> float:
    """Mean of 1 / rank; 0 without queries."""
    return float((1.0 / ranks).mean()) if len(ranks) else 0.0


def area_under_curve(positive: Scores, negative: Scores) -> float:
    """P(random positive > random negative) of two score lists; 0.5 if one is empty."""
    if not len(positive) or not len(negative):
        return 0.5
    below = np.searchsorted(np.sort(negative), positive, side="left")
    return float(below.mean() / len(negative))


def symmetric_scores(user: tuple[Floats, Floats], candidate: tuple[Floats, Floats]) -> Floats:
    """Tower scores ½ (U(a)·C(b) + U(b)·C(a)) of every a with every b: [n_a, n_b].

    `user` and `candidate` each hold the vectors of a, [n_a, dim], and of b, [n_b, dim].
    """
    scores = user[0] @ candidate[1].T + candidate[0] @ user[1].T
    return np.asarray(0.5 * scores, np.float32)
