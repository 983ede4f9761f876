"""Audio attributes as charts take them: shares of a range to show, and words with units."""

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
"""The attributes shown, with the values drawn at the middle and at the rim: where nearly all music lies."""


def axes() -> tuple[Axis, ...]:
    """An axis for each attribute shown."""
    return tuple(Axis(*texts.AUDIO[name]) for name in SHOWN)


def outline(name: str, audio: AudioSummary | None) -> Outline:
    """The means of a summary, for a radar over `axes`; all unknown without one."""
    found = [audio.attributes.get(one) if audio else None for one in SHOWN]
    return Outline(
        name,
        [None if one is None else share(key, one.mean) for key, one in zip(SHOWN, found, strict=True)],
        ["" if one is None else worded(key, one.mean) for key, one in zip(SHOWN, found, strict=True)],
    )


def spreads(audio: AudioSummary) -> tuple[Spread, ...]:
    """How each attribute shown is spread, where it is known."""
    return tuple(_spread(name, audio.attributes[name]) for name in SHOWN if name in audio.attributes)


def share(name: str, value: float) -> float:
    """Where a value lies in the range shown, clipped to [0, 1]."""
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
