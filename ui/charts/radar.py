"""Radar chart of one or two outlines, from 0 in the centre to 1 at the rim."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import EMPTY, joined, markup
from ui.texts import charts as texts
from ui.texts.grammar import percent

HEIGHT = 310.0
CENTRE = (svg.WIDTH / 2, (HEIGHT - svg.READOUT - svg.MORE) / 2)
RADIUS = 96.0
COLOURS = ("es-mine", "es-theirs")


@dataclass(frozen=True, slots=True)
class Axis:
    """A radar axis; `meaning` is for the readout."""

    label: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """Shares in [0, 1] of one profile by axis; None if unknown.

    `shown` are values with units, such as "121 BPM"; percentages if empty.
    """

    name: str
    shares: Sequence[float | None]
    shown: Sequence[str] = ()


def radar(title: str, axes: Sequence[Axis], outlines: Sequence[Outline]) -> Markup:
    """Radar of one or two outlines; a note if there is nothing to show.

    Raises:
        ValueError: an outline has not as many shares as there are axes.
    """
    if any(len(one.shares) != len(axes) for one in outlines):
        raise ValueError("an outline needs one share for each axis")
    if len(axes) < 3 or not any(share is not None for one in outlines for share in one.shares):
        return svg.nothing(title)
    tips = [_tip(place, axis, outlines) for place, axis in enumerate(axes)]
    marks = [
        svg.mark(_axis(place, axis, len(axes)), tips[place], HEIGHT, axis.meaning)
        for place, axis in enumerate(axes)
    ]
    lines = [_outline(one, css) for one, css in zip(outlines, COLOURS, strict=False)]
    body = joined([_grid(len(axes)), *marks, *lines])
    chart = svg.figure(title, "; ".join(tips), HEIGHT, body, "es-radar")
    named = [(css, one.name) for one, css in zip(outlines, COLOURS, strict=False) if one.name]
    return svg.with_legend(chart, named)


def point(place: int, n_axes: int, share: float) -> tuple[float, float]:
    """Position of a share on an axis: the first points up, the rest are clockwise."""
    angle = 2 * math.pi * place / n_axes - math.pi / 2
    reach = RADIUS * min(max(share, 0.0), 1.0)
    return CENTRE[0] + reach * math.cos(angle), CENTRE[1] + reach * math.sin(angle)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in points) + "Z"


def _grid(n_axes: int) -> Markup:
    rings = (_path([point(place, n_axes, ring) for place in range(n_axes)]) for ring in (0.25, 0.5, 0.75, 1))
    return joined(svg.element('<path class="es-grid" d="{}"/>', ring) for ring in rings)


def _outline(outline: Outline, css: str) -> Markup:
    n_axes = len(outline.shares)
    known = [(place, share) for place, share in enumerate(outline.shares) if share is not None]
    points = [point(place, n_axes, share) for place, share in known]
    dots = joined(svg.element('<circle cx="{}" cy="{}" r="3"/>', x, y) for x, y in points)
    return (
        svg.element('<g class="es-outline {}"><path d="{}"/>{}</g>', css, _path(points), dots)
        if points
        else EMPTY
    )


def _axis(place: int, axis: Axis, n_axes: int) -> Markup:
    """An axis label, with a wide invisible target along the axis."""
    (x, y), (cx, cy) = point(place, n_axes, 1.0), CENTRE
    across = (x - cx) / RADIUS
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    label = svg.words(x + 8 * across, y + 12 * (y - cy) / RADIUS + 4, svg.name(axis.label, 14), "", anchor)
    line = svg.element('d="M{} {}L{} {}"', cx, cy, x, y)
    return svg.element('<path class="es-axis" {}/><path class="es-target" {}/>{}', line, line, label)


def _tip(place: int, axis: Axis, outlines: Sequence[Outline]) -> str:
    values = (f"{_named(one)}{_shown(one, place)}" for one in outlines)
    return f"{axis.label}: {', '.join(values)}"


def _named(outline: Outline) -> str:
    return f"{markup.isolated(outline.name)} " if outline.name else ""


def _shown(outline: Outline, place: int) -> str:
    share = outline.shares[place]
    if share is None:
        return texts.UNKNOWN
    return outline.shown[place] if outline.shown else percent(min(max(share, 0.0), 1.0))
