"""A map of many points, with a few that are named."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts import svg

WIDTH, EDGE = 480.0, 26.0
FLATTEST, STEEPEST = 240.0, 480.0
"""Units: least and most height of the map; it is as high as the points need."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map that is named.

    Attributes:
        x, y: where, in the same units as the points.
        label: its name, which may come from outside.
        kind: "me", "match", or "place" for a name without a dot, such as a community's.
        tip: more about it; the label where empty.
    """

    x: float
    y: float
    label: str
    kind: str = "match"
    tip: str = ""


def scatter(title: str, points: Sequence[tuple[float, float]], spots: Sequence[Spot], told: str) -> str:
    """A map, as HTML; says so when it is empty.

    Thousands of points are one path, drawn as fast as a line; none of them is an element of its own.

    Args:
        title: what it shows.
        points: (x, y), any range, also a float array [n, 2]; what is not finite is left out.
        spots: what is named, the most important last: it is drawn on top.
        told: what can be seen, in words; the names are added.

    Returns:
        HTML; distances are true: one unit is as long across as up.
    """
    placed = [(float(x), float(y)) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    everything = placed + [(one.x, one.y) for one in spots]
    if not everything:
        return svg.nothing(title)
    frame = Frame.around(everything)
    height = frame.height + svg.READOUT
    dots = "".join(f"M{svg.number(x)} {svg.number(y)}h0" for x, y in map(frame.place, placed))
    cloud = f'<path class="es-cloud" d="{dots}"/>' if dots else ""
    marks = "".join(_spot(one, frame, height) for one in spots)
    description = ". ".join([told, ", ".join(one.tip or one.label for one in spots)])
    return svg.figure(title, description, height, cloud + marks, "es-map", WIDTH)


@dataclass(frozen=True, slots=True)
class Frame:
    """From the points' units to the chart's: the middle of the points in the middle, up is up."""

    centre: tuple[float, float]
    scale: float
    height: float

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> "Frame":
        """The frame that just holds these points."""
        (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        across, up = right - left, high - low
        rooms = [(WIDTH - 2 * EDGE) / across] if across else []
        rooms += [(STEEPEST - 2 * EDGE) / up] if up else []
        scale = min(rooms, default=1.0)
        height = max(FLATTEST, up * scale + 2 * EDGE)
        return cls(((left + right) / 2, (low + high) / 2), scale, height)

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a point lies on the chart."""
        x = WIDTH / 2 + (point[0] - self.centre[0]) * self.scale
        return x, self.height / 2 - (point[1] - self.centre[1]) * self.scale


def _spot(spot: Spot, frame: Frame, height: float) -> str:
    x, y = frame.place((spot.x, spot.y))
    if spot.kind == "place":
        return svg.words(x, y, svg.name(spot.label, 28), "es-place", "middle")
    radius, css = (8, "es-mine") if spot.kind == "me" else (5.5, "es-theirs")
    dot = f'<circle class="es-spot {css}" cx="{svg.number(x)}" cy="{svg.number(y)}" r="{radius}"/>'
    target = f'<circle class="es-target" cx="{svg.number(x)}" cy="{svg.number(y)}" r="12"/>'
    anchor, beside = ("end", -12) if x > WIDTH * 0.7 else ("start", 12)
    label = svg.words(x + beside, y + 4, svg.name(spot.label, 22), f"es-label es-{spot.kind}", anchor)
    return svg.mark(target + dot + label, spot.tip or spot.label, height, width=WIDTH)
