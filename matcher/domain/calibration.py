"""Calibration: from a score to the probability that two profiles are one person's.

Fitted on training listeners that the towers never saw, split in halves: as many pairs from one person as from
two. 80 % means: of such pairs with this score, 8 in 10 came from one person. The interval estimates how far
the score would differ with fuller profiles; it shrinks with the square root of the evidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_Z80 = 1.2816  # standard normal quantile of the 80 % interval


@dataclass(frozen=True, slots=True)
class Percent:
    """A calibrated percentage with its 80 % interval, all in [0, 100]."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps scores to percent by linear interpolation between knots.

    Attributes:
        scores: scores of the knots, strictly increasing.
        chances: probability at each knot, in [0, 1], non-decreasing.
        noise: standard deviation of the score for two profiles of one item each; falls as 1/√n.

    Raises:
        ValueError: no knots, different lengths, wrong order, no probabilities, or negative noise.
    """

    scores: tuple[float, ...]
    chances: tuple[float, ...]
    noise: float = 0.0

    def __post_init__(self) -> None:
        if not self.scores or len(self.scores) != len(self.chances):
            raise ValueError("a calibration needs as many chances as scores")
        if list(self.scores) != sorted(set(self.scores)) or list(self.chances) != sorted(self.chances):
            raise ValueError("scores must rise and chances must not fall")
        if not all(0.0 <= chance <= 1.0 for chance in self.chances):
            raise ValueError("chances are probabilities")
        if not (math.isfinite(self.noise) and self.noise >= 0):
            raise ValueError("noise must be a number, 0 or above")

    def chance(self, scores: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
        """[n] float64 in [0, 1]: probability of each score; non-decreasing."""
        return np.interp(np.asarray(scores, dtype=np.float64), self.scores, self.chances)

    def percent(self, score: float, n_items_one: int, n_items_other: int) -> Percent:
        """Percent of one score; the interval is wider for smaller profiles."""
        evidence = 1.0 / max(n_items_one, 1) + 1.0 / max(n_items_other, 1)
        reach = _Z80 * self.noise * float(np.sqrt(evidence / 2.0))
        low, value, high = (float(c) * 100 for c in self.chance([score - reach, score, score + reach]))
        return Percent(value, low, high)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"scores": list(self.scores), "chances": list(self.chances), "noise": self.noise}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Calibration":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError: `value` is not an output of `to_json`.
        """
        scores, chances = (tuple(float(x) for x in value[name]) for name in ("scores", "chances"))
        return cls(scores, chances, float(value["noise"]))
