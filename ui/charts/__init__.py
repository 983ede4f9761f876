"""Charts as SVG, made on the server."""

from ui.charts.bars import Bar as Bar
from ui.charts.bars import bars as bars
from ui.charts.heat import Rough as Rough
from ui.charts.heat import heat_map as heat_map
from ui.charts.overlap import Heap as Heap
from ui.charts.overlap import overlap as overlap
from ui.charts.radar import Axis as Axis
from ui.charts.radar import Outline as Outline
from ui.charts.radar import radar as radar
from ui.charts.scatter import Spot as Spot
from ui.charts.scatter import scatter as scatter
from ui.charts.spread import Spread as Spread
from ui.charts.spread import spread as spread
from ui.charts.svg import with_note as with_note
from ui.charts.waterfall import Part as Part
from ui.charts.waterfall import waterfall as waterfall
