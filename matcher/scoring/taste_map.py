"""The taste map: a 2-d projection of the shared space, fixed for a model version.

The two axes are learned with the model; a matrix product projects a listener. For privacy see `map_points`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats

Doubles = NDArray[np.float64]

EDGE = 1.25  # limit of both axes; 98 % of listeners are within 1
# named listeners are drawn at the centre of a cell of this width, so that distances cannot be measured
CELL = 0.05
# counts in a cell are rounded down to multiples of this: one listener more or less changes the map at one
# count in twenty-five, and even then does not show who
DOTS = 25
CELLS = (0.03, 0.05, 0.08, 0.125, 0.2, 0.3125, 0.5, 1.25)  # cell widths to try, finest first
LEAST_HEARERS = 8  # of a region, and of each tag that names it: no region tells about one person
DRAWN_SHARE = 0.6  # of the listeners, in multiples of `DOTS`: a width that draws so many is fine enough


@dataclass(frozen=True, slots=True)
class Community:
    """A cluster of training listeners; `share` of them in (0, 1].

    Attributes:
        names: artists (or tags, if no artist has a name) more common here than elsewhere, highest ratio
            first.
        tags: the same of tags, each heard by at least `LEAST_HEARERS` listeners here; they name the region.
    """

    centre: tuple[float, float]
    names: tuple[str, ...]
    share: float
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TasteMap:
    """Projection of the shared space to two axes, and its communities.

    Attributes:
        centre: [2 * dim] float64, projected to the middle of the map.
        axes: [2, 2 * dim] float64, scaled so that most training listeners are within 1 of the middle.
        communities: largest first.

    Raises:
        ValueError: the shapes do not match, or a number is not finite.
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
        """[n, 2] float32 within `EDGE`: positions of stored vectors, [n, 2 * dim]."""
        return self.settle(np.asarray(stored, np.float64) @ self.axes.T)

    def settle(self, products: Doubles) -> Floats:
        """Positions, [n, 2] float32 within `EDGE`, from products with both axes, [n, 2]."""
        found = products - self.axes @ self.centre
        return np.clip(found, -EDGE, EDGE).astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        communities = [
            {
                "centre": list(one.centre),
                "names": list(one.names),
                "share": one.share,
                "tags": list(one.tags),
            }
            for one in self.communities
        ]
        return {"centre": self.centre.tolist(), "axes": self.axes.tolist(), "communities": communities}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "TasteMap":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `to_json`.
        """
        communities = tuple(
            Community(
                (float(one["centre"][0]), float(one["centre"][1])),
                tuple(map(str, one["names"])),
                float(one["share"]),
                tuple(map(str, one.get("tags", ()))),  # models of before have none
            )
            for one in value["communities"]
        )
        centre, axes = (np.asarray(value[name], np.float64) for name in ("centre", "axes"))
        return cls(centre, axes, communities)


def about(position: Sequence[float]) -> tuple[float, float]:
    """Centre of the cell that contains a position."""
    x, y = ((math.floor(value / CELL) + 0.5) * CELL for value in position)
    return x, y


def map_points(positions: Floats) -> Floats:
    """Anonymous points that show where listeners are.

    The map is divided into cells. Each cell gets evenly spread points: its number of listeners, rounded down
    to multiples of `DOTS`. Callers must leave out hidden listeners.

    Args:
        positions: [n, 2] float32.

    Returns:
        [m, 2] float32, m <= n, ordered by cell, which hides the order of `positions`.
    """
    if not len(positions):
        return np.zeros((0, 2), np.float32)
    for width in CELLS:
        cells, counts = np.unique(np.floor(positions / width), axis=0, return_counts=True)
        # small counts give no points (k-anonymity, L. Sweeney 2002); rounding also protects against
        # comparing two maps, where k-anonymity alone reveals who joins a full cell (differencing; I. Dinur
        # and K. Nissim, "Revealing Information while Preserving Privacy", PODS 2003)
        drawn = counts // DOTS * DOTS
        if drawn.sum() >= DRAWN_SHARE * (len(positions) // DOTS * DOTS):
            break
    scattered = [_scatter(int(n)) for n in drawn if n]
    corners = np.repeat(cells, drawn, axis=0)
    within = np.concatenate(scattered) if scattered else np.zeros((0, 2))
    return np.asarray((corners + within) * width, np.float32)


def _scatter(n: int) -> Doubles:
    """[n, 2] float64 in [0, 1): evenly spread points, the R2 sequence.

    M. Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences" (2018).
    """
    plastic = 1.32471795724474602596
    steps = np.arange(1, n + 1)[:, np.newaxis] * np.array([1 / plastic, 1 / plastic**2])
    return np.asarray((0.5 + steps) % 1.0)
