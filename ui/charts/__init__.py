"""Charts as SVG made on the server: from values to HTML, which `ui.html.markup` draws."""

from ui.charts.bars import Bar, bars
from ui.charts.heat import Rough, heat_map
from ui.charts.overlap import Heap, overlap, small_overlap
from ui.charts.radar import Axis, Outline, radar
from ui.charts.scatter import Spot, scatter
from ui.charts.spread import Spread, spread
from ui.charts.svg import with_note
from ui.charts.waterfall import Part, waterfall

__all__ = [
    "Axis",
    "Bar",
    "Heap",
    "Outline",
    "Part",
    "Rough",
    "Spot",
    "Spread",
    "bars",
    "heat_map",
    "overlap",
    "radar",
    "scatter",
    "small_overlap",
    "spread",
    "waterfall",
    "with_note",
]
