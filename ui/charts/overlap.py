"""Overlap chart: two discs; all areas are proportional to the numbers."""

import math
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts import svg
from ui.html import joined, markup
from ui.texts import charts as texts

HEIGHT = 206.0
FIGURES = 40.0
"""Height of the numbers under the discs."""
MIDDLE = (HEIGHT - svg.READOUT - FIGURES) / 2 + 4
LARGEST = 64.0


@dataclass(frozen=True, slots=True)
class Heap:
    """Name of a listener, and number of items."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Circles:
    """Radii of two circles, and the distance of their centres."""

    left: float
    right: float
    apart: float

    @property
    def width(self) -> float:
        """Total width of both circles."""
        return max(self.left, self.apart + self.right) + max(self.left, self.right - self.apart)


def overlap(title: str, mine: Heap, theirs: Heap, n_shared: int, noun: str) -> Markup:
    """Two discs with their overlap; a note if both are empty. `noun` is a plural.

    Raises:
        ValueError: a number is negative, or more are shared than one of them has.
    """
    circles = circles_of(mine.n, theirs.n, n_shared, LARGEST)
    if not (mine.n or theirs.n):
        return svg.nothing(title)
    told = [f"{markup.isolated(one.name)}: {one.n:,} {noun}" for one in (mine, theirs)]
    both = f"{texts.SHARED}: {n_shared:,} {noun}"
    left = (svg.WIDTH - circles.width) / 2 + max(circles.left, circles.right - circles.apart)
    discs = svg.mark(_disc(left, circles.left, "es-mine"), told[0], HEIGHT)
    discs += svg.mark(_disc(left + circles.apart, circles.right, "es-theirs"), told[1], HEIGHT)
    if n_shared:
        discs += svg.mark(_lens(left, MIDDLE, circles), both, HEIGHT)
    chart = svg.figure(
        title, "; ".join([*told, both]), HEIGHT, discs + _numbers(mine, theirs, n_shared, noun), "es-overlap"
    )
    return svg.with_legend(chart, (("es-mine", mine.name), ("es-theirs", theirs.name)))


def circles_of(n_left: int, n_right: int, n_shared: int, largest: float) -> Circles:
    """Circles whose areas, and whose common area, are proportional to the numbers.

    The larger has radius `largest`; the distance is found by bisection.

    Raises:
        ValueError: a number is negative, or more are shared than one of them has.
    """
    if not 0 <= n_shared <= min(n_left, n_right):
        raise ValueError("no more can be shared than each has, and nothing can be negative")
    most = max(n_left, n_right, 1)
    left, right = (largest * math.sqrt(n / most) for n in (n_left, n_right))
    wanted = math.pi * largest**2 * n_shared / most
    near, far = abs(left - right), left + right
    if not n_shared:
        return Circles(left, right, far + 4)
    for _ in range(50):
        middle = (near + far) / 2
        near, far = (middle, far) if common_area(left, right, middle) > wanted else (near, middle)
    return Circles(left, right, (near + far) / 2)


def common_area(left: float, right: float, apart: float) -> float:
    """Common area of two circles (Weisstein, "Circle-Circle Intersection", MathWorld)."""
    if apart >= left + right:
        return 0.0
    if apart <= abs(left - right):
        return math.pi * min(left, right) ** 2
    angle_left = math.acos(_clip((apart**2 + left**2 - right**2) / (2 * apart * left)))
    angle_right = math.acos(_clip((apart**2 + right**2 - left**2) / (2 * apart * right)))
    return left**2 * (angle_left - math.sin(2 * angle_left) / 2) + right**2 * (
        angle_right - math.sin(2 * angle_right) / 2
    )


def _clip(cosine: float) -> float:
    return min(max(cosine, -1.0), 1.0)


def _disc(x: float, radius: float, css: str, y: float = MIDDLE) -> Markup:
    centre = svg.element('cx="{}" cy="{}"', x, y)
    return joined(
        svg.element('<circle class="{} es-{}" {} r="{}"/>', css, part, centre, radius * share)
        for part, share in (("disc-rim", 1.0), ("disc-groove", 0.72))
    )


def _lens(left: float, y: float, circles: Circles) -> Markup:
    """The overlap; the whole smaller circle if it lies inside the other."""
    smaller, larger = sorted((circles.left, circles.right))
    if circles.apart <= larger - smaller + 0.05:
        x = left if circles.left < circles.right else left + circles.apart
        return svg.element('<circle class="es-lens" cx="{}" cy="{}" r="{}"/>', x, y, smaller)
    across = (circles.apart**2 + circles.left**2 - circles.right**2) / (2 * circles.apart)
    half = math.sqrt(max(circles.left**2 - across**2, 0.0))
    middle, top, bottom = left + across, y - half, y + half
    wide_left, wide_right = int(across < 0), int(across > circles.apart)
    return svg.element(
        '<path class="es-lens" d="M{0} {1}A{2} {2} 0 {3} 1 {0} {4}A{5} {5} 0 {6} 1 {0} {1}Z"/>',
        *(middle, top, circles.left, wide_left, bottom, circles.right, wide_right),
    )


def _numbers(mine: Heap, theirs: Heap, n_shared: int, noun: str) -> Markup:
    y = HEIGHT - svg.READOUT - 6
    places = (
        (62.0, mine.n, "es-mine", noun),
        (180.0, n_shared, "es-both", texts.SHARED),
        (298.0, theirs.n, "es-theirs", noun),
    )
    return joined(
        svg.words(x, y - 16, f"{n:,}", f"es-number {css}", "middle")
        + svg.words(x, y, unit, "es-scale", "middle")
        for x, n, css, unit in places
    )
