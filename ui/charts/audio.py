"""Audio attributes for charts: shares of a range, and values with units."""

from collections.abc import Mapping

from matcher.domain.audio import AttributeSummary, AudioSummary
from ui.charts.radar import Axis, Outline
from ui.charts.spread import Spread
from ui.texts import charts
from ui.texts import charts as texts
from ui.texts.grammar import percent

SHOWN: Mapping[str, tuple[float, float]] = {
    "danceability": (0.0, 1.0),
    "energy": (0.0, 1.0),
    "loudness": (-30.0, 0.0),
    "tempo": (60.0, 180.0),
    "valence": (0.0, 1.0),
    "acousticness": (0.0, 1.0),
    "instrumentalness": (0.0, 1.0),
    "speechiness": (0.0, 1.0),
    "liveness": (0.0, 1.0),
}
"""Attributes shown, with the values at centre and rim, which enclose most music."""


def axes() -> tuple[Axis, ...]:
    """Radar axes of the attributes shown."""
    return tuple(Axis(*texts.AUDIO[name]) for name in SHOWN)


def outline(name: str, audio: AudioSummary | None) -> Outline:
    """Radar outline of a summary's means; all unknown without one."""
    found = [audio.attributes.get(one) if audio else None for one in SHOWN]
    return Outline(
        name,
        [None if one is None else share(key, one.mean) for key, one in zip(SHOWN, found, strict=True)],
        ["" if one is None else worded(key, one.mean) for key, one in zip(SHOWN, found, strict=True)],
    )


def spreads(audio: AudioSummary) -> tuple[Spread, ...]:
    """Spread of each known attribute."""
    return tuple(_spread(name, audio.attributes[name]) for name in SHOWN if name in audio.attributes)


def share(name: str, value: float) -> float:
    """Position of a value in its range, clipped to [0, 1]."""
    low, high = SHOWN[name]
    return min(max((value - low) / (high - low), 0.0), 1.0)


def worded(name: str, value: float) -> str:
    """A value with its unit: "121 BPM", "−8 dB", "62 %"."""
    if unit := texts.UNITS.get(name):
        return f"{value:.0f} {unit}".replace("-", "−")
    return percent(value)


def _spread(name: str, found: AttributeSummary) -> Spread:
    _, low, median, high, _ = (worded(name, value) for value in found.quantiles)
    label, meaning = texts.AUDIO[name]
    tip = charts.SPREAD_TIP.format(label=label, median=median, low=low, high=high)
    ends = tuple(worded(name, end) for end in SHOWN[name])
    return Spread(label, [share(name, value) for value in found.quantiles], tip, ends, meaning)
