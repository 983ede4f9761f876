"""Exposure: in how many others' lists each listener stands, and how unevenly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LIST_LENGTH = 10
"""Exposure is counted over lists of so many."""

PROMISED_SHARE = 0.05
"""Nobody stands in more than this share of others' top tens, where there are a thousand others or more."""

AIMED_SHARE = 0.03
"""What training aims at, so that the promise also holds among people it has not seen."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How unevenly listeners are shown.

    Attributes:
        max_share: the largest share of others' lists that one listener stands in.
        never_share: share of listeners who stand in nobody's list.
        skewness: third standardised moment of how often each stands in one, the usual measure of hubness
            (Radovanović et al. 2010); 0 where all are shown alike.
    """

    max_share: float
    never_share: float
    skewness: float


def bound(n_others: int, share: float = PROMISED_SHARE, length: int = LIST_LENGTH) -> float:
    """The largest share of others' lists that one listener may stand in.

    With few others everybody stands in a large share of the lists: of n others ten are shown, so the mean
    share is 10 / n whatever the ranking. Below a thousand others the bound therefore is as many times the
    mean share as `share` is at a thousand.
    """
    return min(max(share, share * 100 * length / max(n_others, 1)), 1.0)


def count_shown(scores: NDArray[np.floating], length: int = LIST_LENGTH) -> NDArray[np.int64]:
    """In how many others' lists each listener stands: [n] int64.

    Args:
        scores: [n, n], of everybody with everybody; the diagonal is not looked at.
        length: of a list; among fewer others all are shown.
    """
    own = np.array(scores, np.float64)
    n_shown = min(length, len(own) - 1)
    if n_shown < 1:
        return np.zeros(len(own), np.int64)
    np.fill_diagonal(own, -np.inf)
    shown = np.argpartition(-own, n_shown - 1, axis=1)[:, :n_shown]
    return np.bincount(shown.ravel(), minlength=len(own))


def measure_exposure(scores: NDArray[np.floating], length: int = LIST_LENGTH) -> Exposure:
    """Exposure under these scores; arguments as for `count_shown`."""
    counts = count_shown(scores, length)
    if len(counts) < 2:
        return Exposure(0.0, 0.0, 0.0)
    gaps = counts - counts.mean()
    deviation = float(np.sqrt(np.mean(gaps**2)))
    skewness = float(np.mean(gaps**3)) / deviation**3 if deviation > 1e-12 else 0.0
    return Exposure(float(counts.max()) / (len(counts) - 1), float(np.mean(counts == 0)), skewness)
