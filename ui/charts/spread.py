"""How values are spread, a line a row: the middle half thick, eight in ten thin, the median a dot."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts import svg

ROW, LABELS = 30.0, 100.0


@dataclass(frozen=True, slots=True)
class Spread:
    """One row.

    Attributes:
        label: its name.
        shares: quantiles 0.1, 0.25, 0.5, 0.75, 0.9 as shares of the row's range, rising, clipped to [0, 1].
        tip: the values with their unit, in words.

    Raises:
        ValueError: there are not five of them.
    """

    label: str
    shares: Sequence[float]
    tip: str

    def __post_init__(self) -> None:
        if len(self.shares) != 5:
            raise ValueError("a spread has five quantiles")


def spread(title: str, rows: Sequence[Spread]) -> str:
    """Rows from top to bottom, as HTML; says so when there are none."""
    if not rows:
        return svg.nothing(title)
    height = ROW * len(rows) + svg.READOUT
    marks = (_row(place, row, height) for place, row in enumerate(rows))
    return svg.figure(title, "; ".join(row.tip for row in rows), height, "".join(marks), "es-spread")


def x_of(share: float) -> float:
    """Where a share of the range lies."""
    return LABELS + (svg.WIDTH - LABELS - 6) * min(max(share, 0.0), 1.0)


def _row(place: int, row: Spread, height: float) -> str:
    middle = svg.number(ROW * place + ROW / 2)
    tenth, quarter, median, three_quarters, nine_tenths = (svg.number(x_of(share)) for share in row.shares)
    target = f'x="0" y="{svg.number(ROW * place)}" width="360" height="{svg.number(ROW)}"'
    return svg.mark(
        f'<rect class="es-target" {target}/>'
        + svg.words(0, ROW * place + ROW / 2 + 4, svg.name(row.label, 14))
        + f'<path class="es-grid" d="M{svg.number(x_of(0))} {middle}H{svg.number(x_of(1))}"/>'
        f'<path class="es-thin" d="M{tenth} {middle}H{nine_tenths}"/>'
        f'<path class="es-thick" d="M{quarter} {middle}H{three_quarters}"/>'
        f'<circle class="es-median" cx="{median}" cy="{middle}" r="5"/>',
        row.tip,
        height,
    )
