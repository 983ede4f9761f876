"""Exposure: how often each listener appears in others' lists, and how unevenly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LIST_LENGTH = 10  # length of the lists that are counted

PROMISED_SHARE = 0.05  # bound on a listener's share of others' lists, from a thousand others on

AIMED_SHARE = 0.03  # target in training, with a margin for listeners that it has not seen


@dataclass(frozen=True, slots=True)
class Exposure:
    """How unevenly listeners are shown.

    Attributes:
        max_share: the largest share of others' lists that contain one listener.
        never_share: share of listeners who are in no list.
        skewness: third standardised moment of the counts, the usual measure of hubness (Radovanović et al.
            2010); 0 if all counts are equal.
    """

    max_share: float
    never_share: float
    skewness: float


def bound(n_others: int, share: float = PROMISED_SHARE, length: int = LIST_LENGTH) -> float:
    """The largest share of others' lists that may contain one listener."""
    # `length` of n others are shown, so the mean share is length / n; below a thousand others, the bound is a
    # fixed multiple of that mean
    return min(max(share, share * 100 * length / max(n_others, 1)), 1.0)


def count_shown(scores: NDArray[np.floating], length: int = LIST_LENGTH) -> NDArray[np.int64]:
    """[n] int64: in how many others' lists each listener appears.

    `scores` is [n, n] over all pairs; the diagonal is ignored. With fewer others than `length`, all are
    shown.
    """
    own = np.array(scores, np.float64)
    n_shown = min(length, len(own) - 1)
    if n_shown < 1:
        return np.zeros(len(own), np.int64)
    np.fill_diagonal(own, -np.inf)
    shown = np.argpartition(-own, n_shown - 1, axis=1)[:, :n_shown]
    return np.bincount(shown.ravel(), minlength=len(own))


def measure_exposure(scores: NDArray[np.floating], length: int = LIST_LENGTH) -> Exposure:
    """Exposure for these scores; arguments as for `count_shown`."""
    counts = count_shown(scores, length)
    if len(counts) < 2:
        return Exposure(0.0, 0.0, 0.0)
    gaps = counts - counts.mean()
    deviation = float(np.sqrt(np.mean(gaps**2)))
    skewness = float(np.mean(gaps**3)) / deviation**3 if deviation > 1e-12 else 0.0
    return Exposure(float(counts.max()) / (len(counts) - 1), float(np.mean(counts == 0)), skewness)
