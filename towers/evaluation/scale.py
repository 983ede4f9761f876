"""P8: what the number shown means, on held-out listeners."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.pipeline import Pipeline
from towers.evaluation.protocols import Figures
from towers.metrics import Scores
from towers.training.ranker import n_items_of
from towers.training.splits import SplitHalves

LIST_RANKS = (1, 10, 50)
"""Ranks whose likeness is reported, where there are as many others."""


def scale_figures(pipeline: Pipeline, scores: Scores, pairs: Sequence[SplitHalves]) -> Figures:
    """Likeness in per cent of oneself, strangers, own halves, and within a list.

    `scores` are the pipeline's, of the test listeners among themselves: [n, n].

    Returns:
        oneself and strangers: means; own halves: their median; landmark gap: median of their distance from
        the landmark of their size; likeness at the ranks of a list, medians; their spread, the first minus
        the last; strangers in the lowest band: share of all pairs.
    """
    whole = 100.0 * np.asarray(scores, np.float64)
    others = whole.copy()
    np.fill_diagonal(others, -np.inf)
    first, second = (pipeline.weigh(halves) for halves in zip(*pairs, strict=True))
    found = 100.0 * np.array([pipeline.ranker.score(*pair) for pair in zip(first, second, strict=True)])
    sizes = [min(n_items_of(half) for half in pair) for pair in pairs]
    foretold = np.array([pipeline.calibration.halves_of(size).median for size in sizes])
    ranked = -np.sort(-others, axis=1)
    ranks = [rank for rank in LIST_RANKS if rank < len(whole)]
    at = {rank: float(np.median(ranked[:, rank - 1])) for rank in ranks}
    return {
        "oneself": float(np.diagonal(whole).mean()),
        "strangers": float(_off_diagonal(whole).mean()),
        "own halves": float(np.median(found)),
        "landmark gap": float(np.median(found - foretold)),
        **{f"at rank {rank}": value for rank, value in at.items()},
        "spread": at[ranks[0]] - at[ranks[-1]] if ranks else 0.0,
        "below near": float((_off_diagonal(whole) < pipeline.calibration.strangers).mean()),
    }


def _off_diagonal(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[~np.eye(len(values), dtype=bool)]
