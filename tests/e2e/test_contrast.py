"""Figures on cells of every depth can be read, in both schemes, as a browser draws them."""

import pytest

from tests.ui.charts import gallery
from ui import charts

pytestmark = pytest.mark.browser

AA = 4.5
"""WCAG 2.1, 1.4.3: least contrast of text."""
SIDE = 10
COLOURS = """(shape) => {
  const brush = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
  brush.fillStyle = getComputedStyle(shape).fill;
  brush.fillRect(0, 0, 1, 1);
  return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def luminance(colour):
    """Relative luminance of an sRGB colour of three bytes. Source: WCAG 2.1."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (one / 255 for one in colour)
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_of_a_matrix_stand_out_at_every_share(chromium, scheme):
    shares = [[(row * SIDE + column) / 99 for column in range(SIDE)] for row in range(SIDE)]
    page = chromium.new_page()
    page.set_content(gallery.look_of(scheme, [charts.heat_map("All shares", ["a"] * SIDE, shares)]))
    cells, figures = page.locator(".es-cell").all(), page.locator("text.es-figure").all()
    assert len(cells) == len(figures) == SIDE**2
    drawn = [
        (cell.evaluate(COLOURS), figure.evaluate(COLOURS))
        for cell, figure in zip(cells, figures, strict=True)
    ]
    page.close()
    assert len({tuple(cell) for cell, _ in drawn}) > 50
    assert min(contrast(*one) for one in drawn) >= AA
