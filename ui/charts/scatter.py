"""Scatter plot of many points with a few labels, which can be zoomed and moved (ui/charts/zoom.js)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ui.charts import svg
from ui.charts.apart import apart
from ui.charts.labels import Anchor, Label, place_by_zoom
from ui.html import EMPTY, joined
from ui.texts import charts as texts

WIDTH, EDGE = 480.0, 26.0
FLATTEST, STEEPEST = 500.0, 640.0
"""Least and most height of the map: on a phone, where it is as wide as the screen, 320 px at least."""
RADII: Mapping[str, float] = {"me": 9.0, "match": 7.5, "was": 6.0, "place": 0.0}
CLASSES: Mapping[str, str] = {"me": "es-mine", "match": "es-theirs", "was": "es-was"}
LONGEST: Mapping[str, int] = {"me": 22, "match": 22, "was": 22, "place": 34}
"""Radius, class and most letters of a label, by kind of spot."""
LEAST_APART = 17.0
"""Least distance of two dots: on small screens, where dots are larger, they touch."""
LAYERS = ("place", "was", "match", "me")
"""Kinds of spots, those on top last."""
N_NEAREST = 10
"""Matches labelled before places; the viewer is first, other matches are last."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A labelled point.

    Attributes:
        x, y: in the same units as the points.
        label: its name, untrusted.
        kind: "me", "match", "was" for where I was or all of me is, or "place" for a label without a dot,
            such as a community's.
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

    Overlapping dots are moved apart. Labels without room are shown once the map is zoomed enough; their dots
    always have a readout.

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
    # one path for thousands of points: drawn as fast as a line
    dots = "".join(f"M{svg.number(x)} {svg.number(y)}h0" for x, y in map(frame.place, placed))
    cloud = svg.element('<g class="es-far"><path class="es-cloud" d="{}"/>{}</g>', dots, _trail(spots, frame))
    description = ". ".join([told, ", ".join(one.label for one in spots)])
    return _figure(title, description, frame.height, cloud + _marks(spots, frame))


def _trail(spots: Sequence[Spot], frame: "Frame") -> Markup:
    """From where my dot was to where it is."""
    ends = [frame.place((one.x, one.y)) for kind in ("was", "me") for one in spots if one.kind == kind]
    if len(ends) < 2:
        return EMPTY
    way = "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in ends)
    return svg.element('<path class="es-trail" d="{}"/>', way)


def _figure(title: str, description: str, height: float, body: Markup) -> Markup:
    """A figure whose drawing takes the keyboard; its readout is filled by the script."""
    return svg.element(
        '<figure class="es-chart es-map"><figcaption class="es-aloud">{0}</figcaption>'
        '<p class="es-readout" aria-hidden="true" data-hint="{6}" data-touch="{7}"></p>'
        '<div class="es-sheet"><svg viewBox="0 0 {2} {3}" role="group" tabindex="0" '
        'aria-label="{0}. {1}. {4}"><desc>{1}</desc>{5}</svg>{8}</div></figure>',
        *(title, description, WIDTH, height, texts.ZOOM_KEYS, body),
        *(texts.ZOOM_HINT, texts.ZOOM_TOUCH, _buttons()),
    )


def _buttons() -> Markup:
    """For those who have no wheel, and cannot pinch."""
    button = '<button type="button" data-zoom="{}" aria-label="{}" title="{}">{}</button>'
    ways = (("in", texts.ZOOM_IN, "+"), ("out", texts.ZOOM_OUT, "−"), ("all", texts.ZOOM_ALL, "⤢"))
    rows = joined(svg.element(button, way, label, label, sign) for way, label, sign in ways)
    return svg.element('<div class="es-zoom">{}</div>', rows)


def _marks(spots: Sequence[Spot], frame: "Frame") -> Markup:
    """Spots by kind, each kind in reverse order of importance: important ones are drawn on top.

    Each kind has a group of its own, so that a redraw finds my dot where it was, and it can glide.
    """
    ordered = _by_importance(spots)
    anchors = _side_by_side([_anchor(one, frame) for one in ordered], frame.height)
    labels = place_by_zoom(anchors, WIDTH, frame.height)
    drawn = [(one[0].kind, _spot(*one)) for one in zip(ordered, anchors, labels, strict=True)]
    drawn.reverse()
    return joined(_layer(kind, (shape for of, shape in drawn if of == kind)) for kind in LAYERS)


def _layer(kind: str, shapes: Iterable[Markup]) -> Markup:
    return svg.element('<g class="es-layer-{}">{}</g>', kind, joined(shapes))


def _by_importance(spots: Sequence[Spot]) -> list[Spot]:
    me, was, matches, places = (
        [one for one in spots if one.kind == kind] for kind in ("me", "was", "match", "place")
    )
    return [*me, *matches[:N_NEAREST], *places, *matches[N_NEAREST:], *was]


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


def _spot(spot: Spot, anchor: Anchor, label: Label | None) -> Markup:
    """A spot around its own origin, which its group moves to its place: zoomed, its size stays."""
    name = _label(spot, anchor, label)
    if not anchor.radius:
        return _at(anchor, name)
    shape = _dot("es-target", 12.0) + _dot(f"es-spot {CLASSES[spot.kind]}", anchor.radius)
    if spot.badge:
        shape += svg.words(0.0, 3.4, spot.badge, "es-badge", "middle")
    return _mark(_at(anchor, shape + name), spot)


def _mark(content: Markup, spot: Spot) -> Markup:
    """What is read out about a dot is its label, which the script also shows below the map."""
    told = spot.tip or spot.label
    if spot.href:
        link = '<a class="es-mark" href="{}" target="_self" aria-label="{}">{}</a>'
        return svg.element(link, spot.href, told, content)
    return svg.element('<g class="es-mark" tabindex="0" role="img" aria-label="{}">{}</g>', told, content)


def _at(anchor: Anchor, content: Markup) -> Markup:
    place = f"--x:{svg.number(anchor.x)};--y:{svg.number(anchor.y)}"
    return svg.element('<g class="es-at" style="{}">{}</g>', place, content)


def _dot(css: str, radius: float) -> Markup:
    return svg.element('<circle class="{}" r="{}"/>', css, radius)


def _label(spot: Spot, anchor: Anchor, label: Label | None) -> Markup:
    if label is None:
        return EMPTY
    css = f"es-label es-{spot.kind}{'' if label.narrow else ' es-roomy'}"
    css += f" es-from-{label.zoom}" if label.zoom > 1 else ""
    x, y = label.x - anchor.x, label.y - anchor.y
    return svg.words(x, y, svg.name(anchor.label, LONGEST[spot.kind]), css, label.anchor)
