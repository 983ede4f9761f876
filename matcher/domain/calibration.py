"""Likeness in per cent, and the landmarks that give it meaning.

0 % is what two strangers have on average, 100 % is one's own library once more; it is corrected for chance
as Cohen's kappa is (J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960). The landmarks say where
the two halves of one listener usually lie, for libraries of a size, and how near the nearest strangers come.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

_Z80 = 1.2816  # standard normal quantile of the 80 % interval


class Band(StrEnum):
    """Closeness as a word, shown in place of the percent until both agree."""

    VERY_CLOSE = "very close"
    CLOSE = "close"
    NEAR = "near"
    SOME = "some overlap"


class Halves(NamedTuple):
    """Where two halves of one listener usually lie, in per cent: quartiles, not falling."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Percent:
    """Likeness in per cent with its 80 % interval, all in [0, 100], and its landmarks.

    `low <= value <= high`; `halves` is for libraries of this size.
    """

    value: float
    low: float
    high: float
    halves: Halves
    band: Band


@dataclass(frozen=True, slots=True)
class Calibration:
    """Landmarks of the likeness, learned from listeners that the towers never saw.

    Attributes:
        sizes: numbers of items of a library, strictly increasing, > 0.
        halves: quartiles of the likeness of two halves of these sizes.
        strangers: likeness that 1 % of pairs of strangers exceed.
        noise: standard deviation of the likeness for two profiles of one item each; falls as 1/√n.

    All likenesses are in per cent.

    Raises:
        ValueError: no sizes, different lengths, wrong order, or a number that is not finite.
    """

    sizes: tuple[float, ...] = (1.0,)
    halves: tuple[Halves, ...] = (Halves(25.0, 40.0, 55.0),)
    strangers: float = 15.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        if not self.sizes or len(self.sizes) != len(self.halves):
            raise ValueError("landmarks need as many quartiles as sizes")
        if list(self.sizes) != sorted(set(self.sizes)) or self.sizes[0] <= 0:
            raise ValueError("the sizes of landmarks must rise from above 0")
        if any(list(one) != sorted(one) for one in self.halves):
            raise ValueError("quartiles must not fall")
        if not all(
            math.isfinite(x) for x in (*self.sizes, *sum(self.halves, ()), self.strangers, self.noise)
        ):
            raise ValueError("landmarks must be finite")
        if self.noise < 0:
            raise ValueError("noise must be 0 or above")

    def halves_of(self, n_items: int) -> Halves:
        """Landmarks for libraries of a size, interpolated on a logarithmic scale."""
        at = math.log(max(n_items, 1))
        known = np.log(self.sizes)
        return Halves(*(float(np.interp(at, known, column)) for column in zip(*self.halves, strict=True)))

    def percent(self, score: float, n_items_one: int, n_items_other: int) -> Percent:
        """Percent of a score, 1 for one's own library; the interval is wider for smaller profiles."""
        value = 100.0 * score
        evidence = 1.0 / max(n_items_one, 1) + 1.0 / max(n_items_other, 1)
        reach = _Z80 * self.noise * math.sqrt(evidence / 2.0)
        low, middle, high = (min(max(one, 0.0), 100.0) for one in (value - reach, value, value + reach))
        halves = self.halves_of(min(n_items_one, n_items_other))
        return Percent(middle, low, high, halves, self.band(value, halves))

    def band(self, percent: float, halves: Halves) -> Band:
        """Band of a likeness in per cent, by the landmarks."""
        if percent >= halves.high:
            return Band.VERY_CLOSE
        if percent >= halves.median:
            return Band.CLOSE
        return Band.NEAR if percent >= self.strangers else Band.SOME

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "sizes": list(self.sizes),
            "halves": [list(one) for one in self.halves],
            "strangers": self.strangers,
            "noise": self.noise,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Calibration":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError: `value` is not an output of `to_json`.
        """
        halves = tuple(Halves(*(float(x) for x in one)) for one in value["halves"])
        sizes = tuple(float(x) for x in value["sizes"])
        return cls(sizes, halves, float(value["strangers"]), float(value["noise"]))
