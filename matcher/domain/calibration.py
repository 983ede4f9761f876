"""Percent: how often a pair this close was one person's two halves rather than two strangers.

Learned on training listeners the towers never saw: as many pairs of halves of one person as pairs of halves
of two. 80 % means that of such pairs with this score, 8 in 10 were one person's. The interval says how far
the score itself may lie from what fuller profiles would give: its spread falls with the root of the evidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_Z80 = 1.2816
"""Standard normal quantile of the 80 % interval."""


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
        scores: rising scores of the knots.
        chances: probability at each knot, in [0, 1], never falling.
        noise: spread of the score of two profiles of one item each; it falls as 1/√n.

    Raises:
        ValueError: no knots, different lengths, out of order, no probabilities, or a noise below 0.
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
        """[n] float64 in [0, 1]: probability of each score; never falls as the score rises."""
        return np.interp(np.asarray(scores, dtype=np.float64), self.scores, self.chances)

    def percent(self, score: float, n_items_one: int, n_items_other: int) -> Percent:
        """Percent of one score, with an interval that widens as either profile gets thinner."""
        evidence = 1.0 / max(n_items_one, 1) + 1.0 / max(n_items_other, 1)
        reach = _Z80 * self.noise * float(np.sqrt(evidence / 2.0))
        low, value, high = (float(c) * 100 for c in self.chance([score - reach, score, score + reach]))
        return Percent(value, low, high)

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"scores": list(self.scores), "chances": list(self.chances), "noise": self.noise}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Calibration":
        """What `to_json` was called on.

        Raises:
            KeyError, ValueError, TypeError: `value` was not made by `to_json`.
        """
        scores, chances = (tuple(float(x) for x in value[name]) for name in ("scores", "chances"))
        return cls(scores, chances, float(value["noise"]))
