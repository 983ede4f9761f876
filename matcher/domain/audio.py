"""Audio attributes of tracks, and their summary over a listener's library."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

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
"""Lowest and highest value; tempo in BPM, loudness in dB, key as pitch class."""

SUMMARISED: tuple[str, ...] = tuple(name for name in RANGES if name != "key")
"""Attributes that a summary covers. A pitch class has no meaningful mean."""

QUANTILES: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)

N_MOMENTS = len(SUMMARISED) * (len(SUMMARISED) + 3) // 2
"""Number of first and second moments of the summarised attributes."""

_QUANTILES = np.asarray(QUANTILES)
_PAIRS = np.triu_indices(len(SUMMARISED))
_SHARES = np.array([RANGES[name] == (0.0, 1.0) and name != "mode" for name in SUMMARISED])
_LOUDNESS = SUMMARISED.index("loudness")
_LEAST_SHARE = 1e-3
_LOUDEST = 10.0
_MOMENT_DIGITS = 6
_all_summarised = itemgetter(*SUMMARISED)


@dataclass(frozen=True, slots=True)
class AudioAttributes:
    """Audio attributes of one track.

    Attributes:
        values: value by attribute name; unknown attributes are absent.
        provenance: a table or a provider.

    Raises:
        ValueError: an unknown attribute, or a value out of range.
    """

    values: Mapping[str, float]
    provenance: str = ""

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            check_attribute(name, value)


def check_attribute(name: str, value: float) -> None:
    """Validate an attribute.

    Raises:
        ValueError: the attribute is unknown or its value out of range.
    """
    if name not in RANGES:
        raise ValueError(f"{name} is not an audio attribute")
    low, high = RANGES[name]
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must lie between {low:g} and {high:g}")


@dataclass(frozen=True, slots=True)
class AttributeSummary:
    """Weighted distribution of one attribute, in its own unit.

    Attributes:
        spread: standard deviation.
        quantiles: at `QUANTILES`.
        coverage: share of tracks with this attribute, in (0, 1].
    """

    mean: float
    spread: float
    quantiles: tuple[float, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class AudioSummary:
    """Summary of a library's audio attributes; unknown attributes are absent.

    Attributes:
        coverage: share of tracks with any attribute, in [0, 1].
        moments: [N_MOMENTS] weighted means over the tracks of the attributes as `unbounded`, then of the
            products of every two, squares included (upper triangle by rows); None if unknown. Empty in a
            summary that was stored before there were moments.
    """

    attributes: Mapping[str, AttributeSummary]
    coverage: float
    moments: tuple[float | None, ...] = ()


def summarise_audio(tracks: Iterable[tuple[AudioAttributes | None, float]]) -> AudioSummary | None:
    """Summarise audio attributes over distinct tracks; None if no attribute is known.

    Args:
        tracks: attributes of each track (None if unknown) and its weight, > 0.
    """
    rows = list(tracks)
    known = [(found.values, weight) for found, weight in rows if found is not None and found.values]
    if not known:
        return None
    table = np.array([_row(values) for values, _ in known]).T
    given = np.isfinite(table)
    here = given.any(axis=1)
    weights = given[here] * np.array([weight for _, weight in known])
    summaries = _summarise(table[here], given[here], weights, len(rows))
    return AudioSummary(
        attributes=dict(zip(np.array(SUMMARISED)[here].tolist(), summaries, strict=True)),
        coverage=len(known) / len(rows),
        moments=_moments(table, np.array([weight for _, weight in known])),
    )


def unbounded(table: Doubles) -> Doubles:
    """[n_attributes, n] float64: shares as log odds, loudness as -ln(10 - dB), the rest unchanged.

    Most tracks have values near a bound, where a small step says much; moments of the raw values miss it.
    `table` is [n_attributes, n], NaN if unknown.
    """
    values = table.copy()
    shares = table[_SHARES]
    values[_SHARES] = np.log((shares + _LEAST_SHARE) / (1.0 + _LEAST_SHARE - shares))
    values[_LOUDNESS] = -np.log(_LOUDEST - table[_LOUDNESS])
    return values


def products(values: Doubles) -> Doubles:
    """[N_MOMENTS, n] float64: values [n_attributes, n], then the products of every two."""
    return np.vstack([values, values[_PAIRS[0]] * values[_PAIRS[1]]])


def _moments(table: Doubles, weights: Doubles) -> tuple[float | None, ...]:
    """Weighted mean of each row of `products`, over its known values."""
    values = unbounded(table)
    known = np.isfinite(values).astype(np.float64)
    values = np.where(known > 0, values, 0.0)
    sums = np.concatenate([values @ weights, ((values * weights) @ values.T)[_PAIRS]])
    totals = np.concatenate([known @ weights, ((known * weights) @ known.T)[_PAIRS]])
    means = np.round(sums / np.where(totals > 0, totals, 1.0), _MOMENT_DIGITS).tolist()
    return tuple(mean if total > 0 else None for mean, total in zip(means, totals.tolist(), strict=True))


def _row(values: Mapping[str, float]) -> Sequence[float]:
    """Values in the order of `SUMMARISED`, NaN if unknown."""
    try:
        found: Sequence[float] = _all_summarised(values)
    except KeyError:
        found = [values.get(name, math.nan) for name in SUMMARISED]
    return found


def _summarise(
    table: Doubles, given: NDArray[np.bool_], weights: Doubles, n_tracks: int
) -> list[AttributeSummary]:
    """Summarise each row of a table of values.

    `table` is [n_attributes, n_known] float64, NaN if unknown; for known values, `given` is True and
    `weights` > 0, else False and 0. Each row needs a known value.
    """
    order = table.argsort(axis=1, kind="stable")  # NaN come last
    values = np.where(
        given, table, np.nanmax(table, axis=1, keepdims=True)
    )  # unknown values have weight 0 and must not move a quantile
    totals = weights.sum(axis=1)
    means = (values * weights).sum(axis=1) / totals
    spreads = np.sqrt((np.square(values - means[:, None]) * weights).sum(axis=1) / totals)
    quantiles = _weighted_quantiles(*(np.take_along_axis(one, order, axis=1) for one in (values, weights)))
    coverages = given.sum(axis=1) / n_tracks
    rows = zip(means.tolist(), spreads.tolist(), quantiles, coverages.tolist(), strict=True)
    return [AttributeSummary(*row) for row in rows]


def _weighted_quantiles(values: Doubles, weights: Doubles) -> list[tuple[float, ...]]:
    """Quantiles of each row; `values` are sorted by row, `weights` match them."""
    tops = weights.cumsum(axis=1)
    heights = tops - 0.5 * weights
    return [
        tuple(np.interp(_QUANTILES * top[-1], height, row).tolist())
        for top, height, row in zip(tops, heights, values, strict=True)
    ]
