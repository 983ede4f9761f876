"""Spread chart: middle half thick, middle 80 % thin, median a dot.

Each row has its own range, with labelled ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined

ROW, LABELS, ENDS = 30.0, 134.0, 46.0
"""Height of a row; width for the texts left of its line, and right of it."""
GAP = 8.0


@dataclass(frozen=True, slots=True)
class Spread:
    """One row.

    Attributes:
        shares: quantiles 0.1, 0.25, 0.5, 0.75, 0.9 as shares of the row's range, ascending, clipped to [0,
            1].
        tip: the values with their unit.
        ends: low and high end of the range, with their unit.
        meaning: explanation, shown with the tip at the foot of the chart.

    Raises:
        ValueError: there are not five quantiles.
    """

    label: str
    shares: Sequence[float]
    tip: str
    ends: tuple[str, ...] = ("", "")
    meaning: str = ""

    def __post_init__(self) -> None:
        if len(self.shares) != 5:
            raise ValueError("a spread has five quantiles")


def spread(title: str, rows: Sequence[Spread], key: str = "") -> Markup:
    """Rows from top to bottom; a note in their place if there are none. `key` is the legend."""
    if not rows:
        return svg.nothing(title)
    height = ROW * len(rows) + svg.READOUT + svg.MORE
    marks = (_row(place, row, height) for place, row in enumerate(rows))
    chart = svg.figure(title, "; ".join(row.tip for row in rows), height, joined(marks), "es-spread")
    return svg.with_note(chart, key)


def x_of(share: float) -> float:
    """Horizontal position of a share."""
    return LABELS + (svg.WIDTH - LABELS - ENDS) * min(max(share, 0.0), 1.0)


def _row(place: int, row: Spread, height: float) -> Markup:
    top, middle = ROW * place, ROW * place + ROW / 2
    lines = svg.element(
        '<path class="es-grid" d="M{1} {0}H{2}"/><path class="es-thin" d="M{3} {0}H{7}"/>'
        '<path class="es-thick" d="M{4} {0}H{6}"/><circle class="es-median" cx="{5}" cy="{0}" r="5"/>',
        *(middle, x_of(0), x_of(1), *map(x_of, row.shares)),
    )
    target = svg.element('<rect class="es-target" x="0" y="{}" width="360" height="{}"/>', top, ROW)
    label = svg.words(0, middle + 4, svg.name(row.label, 14))
    return svg.mark(target + label + _ends(row, middle + 4) + lines, row.tip, height, row.meaning)


def _ends(row: Spread, y: float) -> Markup:
    low, high = row.ends
    left = svg.words(x_of(0) - GAP, y, low, "es-scale", "end")
    return left + svg.words(x_of(1) + GAP, y, high, "es-scale")
