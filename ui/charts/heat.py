"""Heat map of a few listeners."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined, markup
from ui.texts.grammar import bare_percent, percent

LABELS, HEAD, CELL = 112.0, 26.0, 56.0
ROOMY = 34.0
"""Smallest cell side with room for a percent sign."""
MOST = 12
"""Most listeners in a heat map."""


@dataclass(frozen=True, slots=True)
class Rough:
    """A value as a word: depth of its cell in [0, 1], text in the cell, and the word."""

    depth: float
    sign: str
    told: str


Value = float | Rough | None
"""A share in [0, 1], a value as a word, or none."""


def heat_map(title: str, names: Sequence[str], shares: Sequence[Sequence[Value]]) -> Markup:
    """Square heat map; a note if there are no names.

    Args:
        title: caption.
        names: of rows and columns, at most `MOST`; columns show the row's number.
        shares: by row and column; None without a value, as on the diagonal.

    Raises:
        ValueError: the matrix is not square over the names, or too large.
    """
    if len(names) > MOST or len(shares) != len(names) or any(len(row) != len(names) for row in shares):
        raise ValueError(f"a matrix has one row and one column a name, of which there are at most {MOST}")
    if not names:
        return svg.nothing(title)
    size = cell_size(len(names))
    height = HEAD + size * len(names) + svg.READOUT
    heads = joined(
        svg.words(LABELS + size * (place + 0.5), HEAD - 8, str(place + 1), "", "middle")
        for place in range(len(names))
    )
    rows = joined(_row(place, names, shares[place], size, height) for place in range(len(names)))
    return svg.figure(title, _told(names, shares), height, heads + rows, "es-heat")


def cell_size(n: int) -> float:
    """Side of a cell, so that all fit."""
    return min(CELL, (svg.WIDTH - LABELS) / n)


def _row(place: int, names: Sequence[str], row: Sequence[Value], size: float, height: float) -> Markup:
    top = HEAD + size * place
    label = svg.words(0, top + size / 2 + 4, f"{place + 1} " + svg.name(names[place], 14))
    cells = (_cell(place, column, names, share, size, height) for column, share in enumerate(row))
    return label + joined(cells)


def _cell(row: int, column: int, names: Sequence[str], share: Value, size: float, height: float) -> Markup:
    x, y, side = LABELS + size * column, HEAD + size * row, svg.number(size - 3)
    place = svg.element('x="{}" y="{}" width="{}" height="{}" rx="4"', x, y, side, side)
    if share is None:
        return svg.element('<rect class="es-blank" {}/>', place)
    full = share.depth if isinstance(share, Rough) else min(max(share, 0.0), 1.0)
    depth = round(full, 3)
    shape = svg.element('<rect class="es-cell" {}/>', place)
    sign = share.sign if isinstance(share, Rough) else bare_percent(full, sign=size >= ROOMY)
    shape += svg.words(x + size / 2 - 1.5, y + size / 2 + 3, sign, "es-figure", "middle")
    told = _pair(names[row], names[column], share)
    return svg.mark(svg.element('<g style="--depth:{}">{}</g>', f"{depth:g}", shape), told, height)


def _pair(one: str, other: str, share: float | Rough) -> str:
    told = share.told if isinstance(share, Rough) else percent(min(max(share, 0.0), 1.0))
    return f"{markup.isolated(one)} – {markup.isolated(other)}: {told}"


def _told(names: Sequence[str], shares: Sequence[Sequence[Value]]) -> str:
    # the matrix is symmetric
    pairs = ((row, column) for row in range(len(names)) for column in range(row + 1, len(names)))
    known = ((row, column, shares[row][column]) for row, column in pairs)
    return "; ".join(
        _pair(names[row], names[column], share) for row, column, share in known if share is not None
    )
