"""Audio attributes of tracks, and their summary over a listener's library."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

RANGES: Mapping[str, tuple[float, float]] = {
    "danceability": (0.0, 1.0),
    "energy": (0.0, 1.0),
    "valence": (0.0, 1.0),
    "acousticness": (0.0, 1.0),
    "instrumentalness": (0.0, 1.0),
    "speechiness": (0.0, 1.0),
    "liveness": (0.0, 1.0),
    "tempo": (0.0, 300.0),
    "loudness": (-60.0, 5.0),
    "key": (-1.0, 11.0),
    "mode": (0.0, 1.0),
}
"""Every attribute with its lowest and highest value: tempo in BPM, loudness in dB, key as pitch class."""

SUMMARISED: tuple[str, ...] = tuple(name for name in RANGES if name != "key")
"""Attributes that a summary covers. A pitch class has no meaningful mean."""

QUANTILES: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class AudioAttributes:
    """Audio attributes of one track.

    Attributes:
        values: value by attribute name, each inside its range; an attribute that is not known is absent.
        provenance: where the values came from (a table's name, a provider).

    Raises:
        ValueError: an unknown attribute, or a value out of range.
    """

    values: Mapping[str, float]
    provenance: str = ""

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            check_attribute(name, value)


def check_attribute(name: str, value: float) -> None:
    """Refuse what is no audio attribute.

    Raises:
        ValueError: the attribute is unknown or the value out of its range.
    """
    if name not in RANGES:
        raise ValueError(f"{name} is not an audio attribute")
    low, high = RANGES[name]
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must lie between {low:g} and {high:g}")


@dataclass(frozen=True, slots=True)
class AttributeSummary:
    """How one attribute is spread over a library.

    Attributes:
        mean: weighted mean, in the attribute's own unit.
        spread: weighted standard deviation, same unit.
        quantiles: weighted quantiles at `QUANTILES`, same unit.
        coverage: share of tracks for which it is known, in (0, 1].
    """

    mean: float
    spread: float
    quantiles: tuple[float, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class AudioSummary:
    """Summary of a library's audio attributes; an attribute known for no track is absent."""

    attributes: Mapping[str, AttributeSummary]
    coverage: float
    """Share of tracks for which any attribute is known, in [0, 1]."""


def summarise_audio(tracks: Iterable[tuple[AudioAttributes | None, float]]) -> AudioSummary | None:
    """Summarise attributes over tracks.

    Args:
        tracks: per distinct track its attributes (None where unknown) and its weight, > 0.

    Returns:
        the summary, or None when nothing is known of any track.
    """
    rows = list(tracks)
    known = [(found.values, weight) for found, weight in rows if found is not None and found.values]
    if not known:
        return None
    columns = {name: [(v[name], w) for v, w in known if name in v] for name in SUMMARISED}
    return AudioSummary(
        attributes={name: _summarise(pairs, len(rows)) for name, pairs in columns.items() if pairs},
        coverage=len(known) / len(rows),
    )


def _summarise(pairs: list[tuple[float, float]], n_tracks: int) -> AttributeSummary:
    values, weights = np.asarray(pairs, dtype=np.float64).T
    mean = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    return AttributeSummary(mean, spread, _weighted_quantiles(values, weights), len(pairs) / n_tracks)


def _weighted_quantiles(values: np.ndarray, weights: np.ndarray) -> tuple[float, ...]:
    order = np.argsort(values, kind="stable")
    heights = np.cumsum(weights[order]) - 0.5 * weights[order]
    found = np.interp(np.asarray(QUANTILES) * weights.sum(), heights, values[order])
    return tuple(float(value) for value in found)
