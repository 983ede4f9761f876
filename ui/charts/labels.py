"""Places labels on a map without overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

WIDE, NARROW = 11.5, 14.5
"""Letter height in chart units, on large and on small screens."""
_LETTER = 0.56
"""Mean width of a letter relative to its height."""
_GAP = 5.0
SHIFTS = (0.0, -1.3, 1.3, -2.6, 2.6, -4.0, 4.0, -5.5, 5.5)
"""Vertical shifts, in lines, for a label without a dot."""
ZOOMS = (2, 4)
"""Enlargements at which labels that have no room at first are placed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in chart units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether two rectangles overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point to label: centre, radius of its dot (0 for none), shortened name."""

    x: float
    y: float
    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    """Position of a label: baseline, `anchor`, and whether it fits small screens.

    `zoom` is the least enlargement at which it is shown; its distance from its dot is the same at each.
    """

    x: float
    y: float
    anchor: str
    narrow: bool
    zoom: int = 1


def place(anchors: Sequence[Anchor], width: float, height: float) -> list[Label | None]:
    """Place labels in the order of importance; None for those without room.

    Positions are the same on every screen; small screens show fewer labels.
    """
    page = Box(0.0, 0.0, width, height)
    dots = [_square(one) for one in anchors if one.radius]
    taken = {WIDE: list(dots), NARROW: list(dots)}
    return [_placed(one, page, taken) for one in anchors]


def place_by_zoom(anchors: Sequence[Anchor], width: float, height: float) -> list[Label | None]:
    """As `place`; labels without room are placed where a zoomed map has room for them."""
    labels = place(anchors, width, height)
    for zoom in ZOOMS:
        labels = _more(anchors, labels, width, height, zoom)
    return labels


def _more(
    anchors: Sequence[Anchor], labels: Sequence[Label | None], width: float, height: float, zoom: int
) -> list[Label | None]:
    """Place the labels that are missing on a map `zoom` times as large; others stay at their dots."""
    page = Box(0.0, 0.0, width * zoom, height * zoom)
    far = [replace(one, x=one.x * zoom, y=one.y * zoom) for one in anchors]
    taken = {size: [_square(one) for one in far if one.radius] for size in (WIDE, NARROW)}
    for one, away, label in zip(anchors, far, labels, strict=True):
        if label:
            at = away.x + label.x - one.x, away.y + label.y - one.y
            for size, boxes in taken.items():
                boxes.append(_written(one.label, *at, label.anchor, size))
    return [
        label or _back(one, _placed(away, page, taken), zoom)
        for one, away, label in zip(anchors, far, labels, strict=True)
    ]


def _back(anchor: Anchor, label: Label | None, zoom: int) -> Label | None:
    """A label that was placed on the enlarged map, as far from its dot on the map as it is."""
    if label is None:
        return None
    x, y = label.x - anchor.x * (zoom - 1), label.y - anchor.y * (zoom - 1)
    return replace(label, x=x, y=y, zoom=zoom)


def _placed(one: Anchor, page: Box, taken: dict[float, list[Box]]) -> Label | None:
    own = _square(one) if one.radius else None
    for x, y, anchor in _options(one):
        boxes = {size: _written(one.label, x, y, anchor, size) for size in taken}
        fits = {size: _is_free(box, page, taken[size], own) for size, box in boxes.items()}
        if fits[WIDE]:
            for size in (size for size, free in fits.items() if free):
                taken[size].append(boxes[size])
            return Label(x, y, anchor, fits[NARROW])
    return None


def _options(one: Anchor) -> list[tuple[float, float, str]]:
    far, base = one.radius + _GAP, one.y + WIDE * 0.35
    if not one.radius:
        return [(one.x, base + shift * WIDE, "middle") for shift in SHIFTS]
    beside = [(one.x + far, base, "start"), (one.x - far, base, "end")]
    below = (one.x, one.y + far + WIDE * 0.8, "middle")
    aside, over, under = one.radius * 0.7 + _GAP, base - 1.2 * WIDE, base + 1.2 * WIDE
    corners = [
        (one.x + side * aside, line, anchor)
        for line in (under, over)
        for side, anchor in ((1, "start"), (-1, "end"))
    ]
    return [*beside, (one.x, one.y - far, "middle"), below, *corners]


def _written(label: str, x: float, y: float, anchor: str, size: float) -> Box:
    long = len(label) * size * _LETTER
    left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
    return Box(left, y - size * 0.85, left + long, y + size * 0.3)


def _is_free(box: Box, page: Box, taken: Sequence[Box], own: Box | None) -> bool:
    inside = box.left >= page.left and box.right <= page.right
    inside = inside and box.top >= page.top and box.bottom <= page.bottom
    return inside and not any(box.meets(one) for one in taken if one != own)


def _square(one: Anchor) -> Box:
    return Box(one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
