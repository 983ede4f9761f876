"""Scatter plot of many points with a few labels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ui.charts import svg
from ui.charts.apart import apart
from ui.charts.labels import Anchor, Label, place
from ui.html import EMPTY, joined

WIDTH, EDGE = 480.0, 26.0
FLATTEST, STEEPEST = 240.0, 640.0
"""Least and most height of the map."""
RADII: Mapping[str, float] = {"me": 9.0, "match": 7.5, "place": 0.0}
CLASSES: Mapping[str, str] = {"me": "es-mine", "match": "es-theirs"}
LONGEST: Mapping[str, int] = {"me": 22, "match": 22, "place": 34}
"""Radius, class and most letters of a label, by kind of spot."""
LEAST_APART = 17.0
"""Least distance of two dots: on small screens, where dots are larger, they touch."""
N_NEAREST = 10
"""Matches labelled before places; the viewer is first, other matches are last."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A labelled point.

    Attributes:
        x, y: in the same units as the points.
        label: its name, untrusted.
        kind: "me", "match", or "place" for a label without a dot, such as a community's.
        tip: readout; the label if empty.
        badge: a number of at most two digits, on the dot.
        href: one of our own addresses, opened in the same tab, or "".
    """

    x: float
    y: float
    label: str
    kind: str = "match"
    tip: str = ""
    badge: str = ""
    href: str = ""


def scatter(title: str, points: Sequence[tuple[float, float]], spots: Sequence[Spot], told: str) -> Markup:
    """Scatter plot with equal scales of both axes; a note if it is empty.

    Overlapping dots are moved apart. Labels without room are omitted; their dots still have a readout.

    Args:
        title: caption.
        points: (x, y), any range, also a float array [n, 2]; non-finite points are dropped.
        spots: labelled points, of each kind the most important first.
        told: description for screen readers; the names are added.
    """
    placed = [(float(x), float(y)) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    everything = placed + [(one.x, one.y) for one in spots]
    if not everything:
        return svg.nothing(title)
    frame = Frame.around(everything)
    height = frame.height + svg.READOUT
    # one path for thousands of points: drawn as fast as a line
    dots = "".join(f"M{svg.number(x)} {svg.number(y)}h0" for x, y in map(frame.place, placed))
    cloud = svg.element('<path class="es-cloud" d="{}"/>', dots) if dots else ""
    marks = _marks(spots, frame, height)
    description = ". ".join([told, ", ".join(one.tip or one.label for one in spots)])
    return svg.figure(title, description, height, cloud + marks, "es-map", WIDTH)


def _marks(spots: Sequence[Spot], frame: "Frame", height: float) -> Markup:
    """Spots in reverse order of importance, so that important ones are drawn on top."""
    ordered = _by_importance(spots)
    anchors = _side_by_side([_anchor(one, frame) for one in ordered], frame.height)
    labels = place(anchors, WIDTH, frame.height)
    drawn = [_spot(*one, height) for one in zip(ordered, anchors, labels, strict=True)]
    return joined(reversed(drawn))


def _by_importance(spots: Sequence[Spot]) -> list[Spot]:
    me, matches, places = ([one for one in spots if one.kind == kind] for kind in ("me", "match", "place"))
    return [*me, *matches[:N_NEAREST], *places, *matches[N_NEAREST:]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Transformation from the points' units to the chart's, centred, with y upwards."""

    centre: tuple[float, float]
    scale: float
    height: float

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> "Frame":
        """The smallest frame with all points."""
        (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        across, up = right - left, high - low
        rooms = [(WIDTH - 2 * EDGE) / across] if across else []
        rooms += [(STEEPEST - 2 * EDGE) / up] if up else []
        scale = min(rooms, default=1.0)
        height = max(FLATTEST, up * scale + 2 * EDGE)
        return cls(((left + right) / 2, (low + high) / 2), scale, height)

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """Chart position of a point."""
        x = WIDTH / 2 + (point[0] - self.centre[0]) * self.scale
        return x, self.height / 2 - (point[1] - self.centre[1]) * self.scale


def _side_by_side(anchors: Sequence[Anchor], height: float) -> list[Anchor]:
    """Move overlapping dots apart; the most important stay."""
    dots = [one for one in anchors if one.radius]
    free = iter(apart([(one.x, one.y) for one in dots], LEAST_APART, (WIDTH, height)))
    return [replace(one, x=at[0], y=at[1]) if one.radius and (at := next(free)) else one for one in anchors]


def _anchor(spot: Spot, frame: Frame) -> Anchor:
    x, y = frame.place((spot.x, spot.y))
    return Anchor(x, y, RADII[spot.kind], svg.short(spot.label, LONGEST[spot.kind]))


def _spot(spot: Spot, anchor: Anchor, label: Label | None, height: float) -> Markup:
    name = _label(spot, anchor, label)
    if not anchor.radius:
        return name
    shape = _dot("es-target", anchor, 12.0) + _dot(f"es-spot {CLASSES[spot.kind]}", anchor, anchor.radius)
    if spot.badge:
        shape += svg.words(anchor.x, anchor.y + 3.4, spot.badge, "es-badge", "middle")
    return svg.mark(shape + name, spot.tip or spot.label, height, width=WIDTH, href=spot.href)


def _dot(css: str, anchor: Anchor, radius: float) -> Markup:
    place = svg.element('cx="{}" cy="{}" r="{}"', anchor.x, anchor.y, radius)
    return svg.element('<circle class="{}" {}/>', css, place)


def _label(spot: Spot, anchor: Anchor, label: Label | None) -> Markup:
    if label is None:
        return EMPTY
    css = f"es-label es-{spot.kind}{'' if label.narrow else ' es-roomy'}"
    return svg.words(label.x, label.y, svg.name(anchor.label, LONGEST[spot.kind]), css, label.anchor)
