"""Columns side by side: decades, and distributions as histograms."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts import svg

PLOT, FOOT = 120.0, 22.0
"""Units: height of the tallest column, and of the labels under the columns."""
HEIGHT = PLOT + 18 + FOOT + svg.READOUT


@dataclass(frozen=True, slots=True)
class Bar:
    """One column.

    Attributes:
        label: what stands under it; may be empty.
        value: its height, at least 0.
        tip: the value with its unit, in words.
    """

    label: str
    value: float
    tip: str


@dataclass(frozen=True, slots=True)
class Bin:
    """One range of a distribution, from `low` to `high`, and how many lie in it."""

    low: float
    high: float
    n: float


def bars(title: str, columns: Sequence[Bar], gap: float = 0.25) -> str:
    """Columns from left to right, as HTML; says so when all are empty.

    Args:
        title: what they show.
        columns: in order.
        gap: share of a column's room left free, in [0, 1).
    """
    most = max((one.value for one in columns), default=0.0)
    if most <= 0:
        return svg.nothing(title)
    marks = (_column(place, one, most, len(columns), gap) for place, one in enumerate(columns))
    base = f'<path class="es-axis" d="M0 {svg.number(PLOT + 18)}H{svg.number(svg.WIDTH)}"/>'
    told = "; ".join(one.tip for one in columns)
    return svg.figure(title, told, HEIGHT, base + "".join(marks), "es-bars")


def histogram(title: str, bins: Sequence[Bin], unit: str, decimals: int = 0) -> str:
    """How values are spread: touching columns, the outer edges labelled with their unit, as HTML."""
    ends = (0, len(bins) - 1)
    columns = [
        Bar(_edge(one, place, ends, unit, decimals), one.n, _range(one, unit, decimals))
        for place, one in enumerate(bins)
    ]
    return bars(title, columns, gap=0.06)


def height_of(value: float, most: float) -> float:
    """Units of a column, proportional to its value; a pixel for what is not nothing."""
    return max(PLOT * value / most, 1.0) if value > 0 else 0.0


def _column(place: int, bar: Bar, most: float, n: int, gap: float) -> str:
    room, height = svg.WIDTH / n, height_of(bar.value, most)
    left, width, floor = room * place + room * gap / 2, room * (1 - gap), PLOT + 18
    top = floor - height
    target = (
        f'<rect class="es-target" x="{svg.number(room * place)}" y="0" width="{svg.number(room)}" '
        f'height="{svg.number(floor + FOOT)}"/>'
    )
    shape = (
        f'<rect class="es-plus" x="{svg.number(left)}" y="{svg.number(top)}" width="{svg.number(width)}" '
        f'height="{svg.number(height)}" rx="2"/>'
    )
    label = (
        svg.words(left + width / 2, floor + 16, svg.name(bar.label, 12), "", "middle") if bar.label else ""
    )
    return svg.mark(target + shape + label, bar.tip, HEIGHT)


def _edge(one: Bin, place: int, ends: tuple[int, int], unit: str, decimals: int) -> str:
    if place not in ends:
        return ""
    return f"{one.low if place == 0 else one.high:.{decimals}f} {unit}".strip()


def _range(one: Bin, unit: str, decimals: int) -> str:
    return f"{one.low:.{decimals}f} to {one.high:.{decimals}f} {unit}".strip() + f": {one.n:,.0f}"
