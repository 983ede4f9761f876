"""Separates overlapping dots."""

from collections.abc import Iterator, Sequence
from math import cos, dist, pi, sin, sqrt

Point = tuple[float, float]
_TURN = pi * (3.0 - sqrt(5.0))
"""Golden angle (H. Vogel, Mathematical Biosciences 44, 1979).

Steps by it fill a disc evenly, as in "A better way to construct the sunflower head".
"""
_MOST_STEPS = 2_000


def apart(points: Sequence[Point], least: float, page: tuple[float, float]) -> list[Point]:
    """Move points, less important ones more, until all are `least` apart on the page."""
    placed: list[Point] = []
    for point in points:
        free = (one for one in _around(point, least / 3) if _fits(one, placed, least, page))
        placed.append(next(free, point))
    return placed


def _around(point: Point, step: float) -> Iterator[Point]:
    """The point itself, then places around it at growing distance."""
    for number in range(_MOST_STEPS):
        far = step * sqrt(number)
        yield point[0] + far * cos(number * _TURN), point[1] + far * sin(number * _TURN)


def _fits(point: Point, placed: Sequence[Point], least: float, page: tuple[float, float]) -> bool:
    half = least / 2
    inside = all(half <= place <= size - half for place, size in zip(point, page, strict=True))
    return (inside or not placed) and all(dist(point, one) >= least for one in placed)
