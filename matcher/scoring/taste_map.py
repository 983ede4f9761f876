"""The taste map: a flat picture of the shared space, the same for everybody under one model version.

Two axes are learned once, with the model; a listener is then placed by one matrix product. The map shows
where people are without showing who: see `map_points`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats

Doubles = NDArray[np.float64]

EDGE = 1.25
"""Nobody is drawn farther from the middle than this, on either axis; 98 in 100 are within 1."""
CELL = 0.05
"""Whoever is drawn by name stands in the middle of a cell this wide, so that no distance can be measured."""
DOTS = 25
"""Dots stand in a cell by so many: as many times as there are so many people there. Whether one person is
there or not shows at one count in twenty-five, and then not who."""
CELLS = (0.03, 0.05, 0.08, 0.125, 0.2, 0.3125, 0.5, 1.25)
"""Widths of the cells a crowd may be drawn in, finest first."""
DRAWN_SHARE = 0.6
"""Of the people, in whole times `DOTS`, so many are drawn at least, if any cells are large enough for it."""


@dataclass(frozen=True, slots=True)
class Community:
    """Training listeners who lie near each other.

    Attributes:
        centre: where on the map, x and y.
        names: artists (tags, where no artist has a name) heard there more than elsewhere, the most telling
            first; empty where nothing has a name.
        share: of the training listeners, in (0, 1].
    """

    centre: tuple[float, float]
    names: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class TasteMap:
    """Two axes through the shared space, and its communities.

    Attributes:
        centre: [2 * dim] float64, what lies in the middle of the map.
        axes: [2, 2 * dim] float64, scaled so that most training listeners lie within 1 of the middle.
        communities: the largest first.

    Raises:
        ValueError: the shapes do not belong together, or a number is not finite.
    """

    centre: Doubles
    axes: Doubles
    communities: tuple[Community, ...] = ()

    def __post_init__(self) -> None:
        if self.centre.ndim != 1 or self.axes.shape != (2, len(self.centre)):
            raise ValueError(f"a map of shapes {self.centre.shape} and {self.axes.shape}")
        numbers = [x for one in self.communities for x in (*one.centre, one.share)]
        if not (
            np.isfinite(self.axes).all() and np.isfinite(self.centre).all() and np.isfinite(numbers).all()
        ):
            raise ValueError("a map needs finite numbers")

    def place(self, stored: Floats) -> Floats:
        """[n, 2] float32 within `EDGE`: where listeners with these stored vectors, [n, 2 * dim], lie."""
        return self.settle(np.asarray(stored, np.float64) @ self.axes.T)

    def settle(self, products: Doubles) -> Floats:
        """[n, 2] float32 within `EDGE`, from the inner products of stored vectors with both axes, [n, 2]."""
        found = products - self.axes @ self.centre
        return np.clip(found, -EDGE, EDGE).astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values."""
        communities = [
            {"centre": list(one.centre), "names": list(one.names), "share": one.share}
            for one in self.communities
        ]
        return {"centre": self.centre.tolist(), "axes": self.axes.tolist(), "communities": communities}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "TasteMap":
        """What `to_json` was called on.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` was not made by `to_json`.
        """
        communities = tuple(
            Community(
                (float(one["centre"][0]), float(one["centre"][1])),
                tuple(map(str, one["names"])),
                float(one["share"]),
            )
            for one in value["communities"]
        )
        centre, axes = (np.asarray(value[name], np.float64) for name in ("centre", "axes"))
        return cls(centre, axes, communities)


def about(position: Sequence[float]) -> tuple[float, float]:
    """The middle of the cell that a position lies in."""
    x, y = ((math.floor(value / CELL) + 0.5) * CELL for value in position)
    return x, y


def map_points(positions: Floats) -> Floats:
    """Points that show where people are, and nobody in particular.

    The map is cut into cells; in each, points are scattered evenly, as many as people, rounded down to
    whole times `DOTS`: with fewer there is none (k-anonymity, L. Sweeney 2002). Rounding is what keeps two
    maps from telling more than one: k-anonymity alone shows everybody who comes to a full cell (differencing;
    I. Dinur and K. Nissim, "Revealing Information while Preserving Privacy", PODS 2003). The cells are the
    finest with which most people are drawn. Who is hidden must not be among the positions to begin with.

    Args:
        positions: [n, 2] float32.

    Returns:
        [m, 2] float32, m <= n, in the order of the cells, which tells nothing of the order of `positions`.
    """
    if not len(positions):
        return np.zeros((0, 2), np.float32)
    for width in CELLS:
        cells, counts = np.unique(np.floor(positions / width), axis=0, return_counts=True)
        drawn = counts // DOTS * DOTS
        if drawn.sum() >= DRAWN_SHARE * (len(positions) // DOTS * DOTS):
            break
    scattered = [_scatter(int(n)) for n in drawn if n]
    corners = np.repeat(cells, drawn, axis=0)
    within = np.concatenate(scattered) if scattered else np.zeros((0, 2))
    return np.asarray((corners + within) * width, np.float32)


def _scatter(n: int) -> Doubles:
    """[n, 2] float64 in [0, 1): evenly spread points, by the golden ratio's cousin in two dimensions.

    M. Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences" (2018): the R2 sequence.
    """
    plastic = 1.32471795724474602596
    steps = np.arange(1, n + 1)[:, np.newaxis] * np.array([1 / plastic, 1 / plastic**2])
    return np.asarray((0.5 + steps) % 1.0)
