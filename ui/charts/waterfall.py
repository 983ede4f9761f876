"""Waterfall chart: parts that add up to a total."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined
from ui.texts import charts as texts
from ui.texts.grammar import points, short_number

ROW, LABELS, VALUES = 28.0, 146.0, 48.0
"""Height of a row; width of labels, and of values."""
LONGEST = 24
"""Most letters of a label."""
FOOT = 16.0
"""Height of the scale under the rows."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0)
"""Steps of the scale; the first with at most `MOST_MARKS` marks is used."""
MOST_MARKS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A summand of the likeness as a fraction, possibly negative; `meaning` is for the readout."""

    label: str
    value: float
    meaning: str = ""


def waterfall(title: str, parts: Sequence[Part]) -> Markup:
    """Parts, one per row, and their sum, over a scale; a note if there are none."""
    if not parts:
        return svg.nothing(title)
    ends = list(accumulate(part.value for part in parts))
    rows = [*parts, Part(texts.TOTAL, ends[-1], texts.TOTAL_MEANING)]
    starts = [0.0, *ends[:-1], 0.0]
    scale = Scale.over([0.0, *ends])
    bars = (_row(place, row, starts[place], scale, len(rows)) for place, row in enumerate(rows))
    told = "; ".join(f"{row.label} {_figure(row)}" for row in rows)
    body = _marks(scale, ROW * len(rows)) + joined(bars)
    return svg.figure(title, told, height_of(len(rows)), body, "es-waterfall")


def height_of(n_rows: int) -> float:
    """Total height."""
    return ROW * n_rows + FOOT + svg.READOUT + svg.MORE


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear scale from values to horizontal positions."""

    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float]) -> "Scale":
        """The smallest scale with all values."""
        low, high = min(values), max(values)
        return cls(low, high if high > low else low + 1.0)

    def x(self, value: float) -> float:
        """Horizontal position of a value."""
        room = svg.WIDTH - LABELS - VALUES
        return LABELS + room * (value - self.low) / (self.high - self.low)

    def marks(self) -> list[float]:
        """Round values within the scale, including 0."""
        span = self.high - self.low
        step = next((one for one in STEPS if span / one <= MOST_MARKS), span)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [place * step for place in range(first, last + 1)]


def _figure(part: Part) -> str:
    """Points of a part; per cent of the sum."""
    return f"{points(part.value)} %" if part.label == texts.TOTAL else points(part.value)


def _marks(scale: Scale, bottom: float) -> Markup:
    return joined(_mark(one, scale.x(one), bottom) for one in scale.marks())


def _mark(value: float, x: float, bottom: float) -> Markup:
    css = "es-grid" if value else "es-axis"
    line = svg.element('<path class="{}" d="M{} 2V{}"/>', css, x, bottom)
    return line + svg.words(x, bottom + 12, short_number(100 * value), "es-scale", "middle")


def _row(place: int, part: Part, start: float, scale: Scale, n_rows: int) -> Markup:
    top, middle = ROW * place + 5, ROW * place + ROW / 2 + 4
    left, right = sorted((scale.x(start), scale.x(start + part.value)))
    css = "es-sum" if place == n_rows - 1 else "es-minus" if part.value < 0 else "es-plus"
    bar = svg.element(
        '<rect class="{}" x="{}" y="{}" rx="2" width="{}" height="{}"/>',
        css,
        left,
        top,
        max(right - left, 1.0),
        ROW - 10,
    )
    target = svg.element('<rect class="es-target" x="0" y="{}" width="360" height="{}"/>', top - 5, ROW)
    label = svg.words(0, middle, svg.name(part.label, LONGEST), css)
    value = svg.words(svg.WIDTH, middle, _figure(part), css, "end")
    tip, height = f"{part.label}: {_figure(part)}", height_of(n_rows)
    return svg.mark(target + label + bar + value, tip, height, part.meaning)
