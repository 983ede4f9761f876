"""Heat map of a few listeners."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined, markup
from ui.texts.grammar import bare_percent, percent

LABELS, HEAD, CELL = 130.0, 26.0, 56.0
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


def heat_map(
    title: str, names: Sequence[str], shares: Sequence[Sequence[Value]], marks: Sequence[tuple[str, str]] = ()
) -> Markup:
    """Square heat map; a note if there are no names.

    Args:
        title: caption.
        names: of rows and columns, at most `MOST`; columns show the row's number.
        shares: by row and column; None without a value, as on the diagonal.
        marks: a CSS class and a letter by name, in place of the rows' numbers.

    Raises:
        ValueError: the matrix is not square over the names, or too large.
    """
    if len(names) > MOST or len(shares) != len(names) or any(len(row) != len(names) for row in shares):
        raise ValueError(f"a matrix has one row and one column a name, of which there are at most {MOST}")
    if not names:
        return svg.nothing(title)
    size = cell_size(len(names))
    height = HEAD + size * len(names) + svg.READOUT
    signs = [_sign(place, marks) for place in range(len(names))]
    heads = joined(_at(sign, LABELS + size * (n + 0.5) - 1.5, HEAD - 12) for n, sign in enumerate(signs))
    rows = joined(_row(place, names, shares[place], size, height, sign) for place, sign in enumerate(signs))
    return svg.figure(title, _told(names, shares), height, heads + rows, "es-heat")


def cell_size(n: int) -> float:
    """Side of a cell, so that all fit."""
    return min(CELL, (svg.WIDTH - LABELS) / n)


def _sign(place: int, marks: Sequence[tuple[str, str]]) -> Markup:
    """A row's mark, or its number, around the origin."""
    if not marks:
        return svg.words(0.0, 4.0, str(place + 1), "", "middle")
    css, letter = marks[place]
    shape = svg.element('<circle class="es-letter {}" r="9"/>', css)
    return shape + svg.words(0.0, 3.8, letter, "es-lettered", "middle")


def _at(sign: Markup, x: float, y: float) -> Markup:
    return svg.element('<g transform="translate({} {})">{}</g>', x, y, sign)


def _row(
    place: int, names: Sequence[str], row: Sequence[Value], size: float, height: float, sign: Markup
) -> Markup:
    top = HEAD + size * place
    middle = top + size / 2 - 1.5
    label = _at(sign, 9.0, middle) + svg.words(22.0, middle + 4, svg.name(names[place], 17))
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
