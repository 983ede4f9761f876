"""Audio similarity of two libraries, from their audio summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import QUANTILES, SUMMARISED, AudioSummary

Doubles = NDArray[np.float64]

FIGURES = 2 + len(QUANTILES)  # per attribute: mean, spread, quantiles

MARKED = 0.4  # standard deviations from the mean listener, from which on a mean is worth a word
ALIKE = 1.0  # largest mean squared difference of an attribute's figures that is called alike

_SHAPE = (len(SUMMARISED) * FIGURES,)


@dataclass(frozen=True, slots=True, eq=False)
class AudioScale:
    """Mean and standard deviation of every figure over the training listeners.

    Both are [n_attributes * FIGURES] float64.

    Raises:
        ValueError: wrong length, or a spread that is not above 0.
    """

    centre: Doubles
    spread: Doubles

    def __post_init__(self) -> None:
        if self.centre.shape != _SHAPE or self.spread.shape != _SHAPE or not (self.spread > 0).all():
            raise ValueError("the scale of audio figures does not fit them")

    def standardise(self, summary: AudioSummary | None) -> Doubles:
        """[n_attributes * FIGURES] float64, NaN if unknown, clipped to ±4."""
        return np.clip((figures(summary) - self.centre) / self.spread, -4.0, 4.0)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"centre": self.centre.tolist(), "spread": self.spread.tolist()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "AudioScale":
        """Inverse of `to_json`."""
        return cls(np.asarray(value["centre"], np.float64), np.asarray(value["spread"], np.float64))


def figures(summary: AudioSummary | None) -> Doubles:
    """[n_attributes * FIGURES] float64: mean, spread, quantiles; NaN if unknown."""
    found = np.full((len(SUMMARISED), FIGURES), np.nan)
    if summary is not None:
        for row, name in enumerate(SUMMARISED):
            one = summary.attributes.get(name)
            if one is not None:
                found[row] = (one.mean, one.spread, *one.quantiles)
    return found.ravel()


def measure_scale(summaries: Sequence[AudioSummary | None]) -> AudioScale:
    """Centre and spread over listeners; 0 and 1 for unknown figures."""
    rows = np.array([figures(one) for one in summaries if one is not None])
    n_figures = len(SUMMARISED) * FIGURES
    if not len(rows):
        return AudioScale(np.zeros(n_figures), np.ones(n_figures))
    centre, variance = moments(rows)
    return AudioScale(centre, np.sqrt(np.where(variance > 1e-12, variance, 1.0)))


def moments(rows: Doubles) -> tuple[Doubles, Doubles]:
    """Mean and variance of every figure over its known values; 0 and 0 without any.

    `rows` is [n, ...], NaN if unknown.
    """
    known = ~np.isnan(rows)
    n = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, rows, 0.0).sum(axis=0) / n
    return centre, (np.where(known, rows - centre, 0.0) ** 2).sum(axis=0) / n


def audio_similarity(one: Doubles, others: Doubles) -> Doubles:
    """Similarity, [n] from 0 (unknown or very different) to 1 (equal); symmetric.

    exp(-d²/2), with d² the mean squared difference over the figures that both know, times the share of
    figures that both know. `one` is [n_figures] and `others` [n, n_figures], standardised, NaN if unknown.
    """
    gaps = (others - one) ** 2
    known = ~np.isnan(gaps)
    n = known.sum(axis=1)
    distance = np.where(known, gaps, 0.0).sum(axis=1) / np.maximum(n, 1)
    return np.asarray(np.exp(-distance / 2.0) * n / gaps.shape[1])


class Trait(NamedTuple):
    """An attribute that a listener has clearly more of than listeners have on average, or less."""

    attribute: str
    is_high: bool


def traits(one: Doubles, other: Doubles | None = None) -> tuple[Trait, ...]:
    """Traits of a listener, or those that two share, most marked first.

    Two share a trait if both are on its side of the average and all figures of the attribute are alike. `one`
    and `other` are [n_figures], standardised, NaN if unknown.
    """
    mine = one.reshape(-1, FIGURES)
    theirs = mine if other is None else other.reshape(-1, FIGURES)
    high, low = np.minimum(mine[:, 0], theirs[:, 0]), np.maximum(mine[:, 0], theirs[:, 0])
    marks = np.where(high >= MARKED, high, np.where(low <= -MARKED, low, 0.0))
    alike = ((mine - theirs) ** 2).mean(axis=1) <= ALIKE  # NaN is not
    order = np.argsort(-np.abs(marks), kind="stable")
    return tuple(
        Trait(SUMMARISED[row], bool(marks[row] > 0)) for row in order if alike[row] and marks[row] != 0.0
    )
