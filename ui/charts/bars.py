"""Bar chart, for example of decades."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined

PLOT, FOOT = 120.0, 22.0
"""Height of the tallest column, and of the labels, in chart units."""
GAP = 0.25
"""Gap between columns, as share of a column's width."""
HEIGHT = PLOT + 18 + FOOT + svg.READOUT


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: label, height >= 0, and that height with its unit."""

    label: str
    value: float
    tip: str


def bars(title: str, columns: Sequence[Bar]) -> Markup:
    """Bar chart from left to right; a note if all columns are empty."""
    most = max((one.value for one in columns), default=0.0)
    if most <= 0:
        return svg.nothing(title)
    marks = (_column(place, one, most, len(columns)) for place, one in enumerate(columns))
    base = svg.element('<path class="es-axis" d="M0 {}H{}"/>', PLOT + 18, svg.WIDTH)
    told = "; ".join(one.tip for one in columns)
    return svg.figure(title, told, HEIGHT, base + joined(marks), "es-bars")


def height_of(value: float, most: float) -> float:
    """Height of a column, proportional to its value; at least 1 if not zero."""
    return max(PLOT * value / most, 1.0) if value > 0 else 0.0


def _column(place: int, bar: Bar, most: float, n: int) -> Markup:
    room, height = svg.WIDTH / n, height_of(bar.value, most)
    left, width, floor = room * place + room * GAP / 2, room * (1 - GAP), PLOT + 18
    top = floor - height
    target = svg.element(
        '<rect class="es-target" x="{}" y="0" width="{}" height="{}"/>', room * place, room, floor + FOOT
    )
    shape = svg.element(
        '<rect class="es-plus" x="{}" y="{}" width="{}" height="{}" rx="2"/>', left, top, width, height
    )
    label = (
        svg.words(left + width / 2, floor + 16, svg.name(bar.label, 12), "", "middle") if bar.label else ""
    )
    return svg.mark(target + shape + label, bar.tip, HEIGHT)
