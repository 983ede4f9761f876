"""Ranking metrics. A tie is not a hit: what cannot be told apart from the truth is ranked before it."""

import numpy as np
from numpy.typing import NDArray

from matcher.vectors import Floats

Ranks = NDArray[np.int64]
Scores = NDArray[np.floating]


def true_ranks(scores: Scores, truth: NDArray[np.integer] | None = None) -> Ranks:
    """Rank, from 1, of the true candidate of each query, ties counted against it.

    Args:
        scores: [n_queries, n_candidates], higher is better; not a number counts as the best possible.
        truth: [n_queries], column of the true candidate; the diagonal when left out.

    Returns:
        [n_queries] int64.

    Raises:
        ValueError: there are no candidates for the truth to be among.
    """
    columns = np.arange(len(scores)) if truth is None else truth
    if len(columns) != len(scores) or (len(scores) and columns.max() >= scores.shape[1]):
        raise ValueError("every query needs its true candidate among the columns")
    right = scores[np.arange(len(scores)), columns]
    return np.asarray(np.logical_not(scores < right[:, None]).sum(axis=1), np.int64)


def recall_at(ranks: Ranks, k: int) -> float:
    """Share of queries whose true candidate is among the first `k`; 0 when there are no queries."""
    return float((ranks <= k).mean()) if len(ranks) else 0.0


def mean_reciprocal_rank(ranks: Ranks) -> float:
    """Mean of 1 / rank; 0 when there are no queries."""
    return float((1.0 / ranks).mean()) if len(ranks) else 0.0


def area_under_curve(positive: Scores, negative: Scores) -> float:
    """Probability that a random positive scores strictly above a random negative; 0.5 without either.

    Args:
        positive: [n_positive] scores of true pairs.
        negative: [n_negative] scores of other pairs.
    """
    if not len(positive) or not len(negative):
        return 0.5
    below = np.searchsorted(np.sort(negative), positive, side="left")
    return float(below.mean() / len(negative))


def symmetric_scores(user: tuple[Floats, Floats], candidate: tuple[Floats, Floats]) -> Floats:
    """Tower scores ½ (U(a)·C(b) + U(b)·C(a)) of every a with every b: [n_a, n_b].

    Args:
        user: user vectors of a: [n_a, dim], and of b: [n_b, dim].
        candidate: candidate vectors of a and b.
    """
    scores = user[0] @ candidate[1].T + candidate[0] @ user[1].T
    return np.asarray(0.5 * scores, np.float32)
