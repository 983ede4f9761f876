"""Cohort: a fixed set of vectors that every listener's cosines are normalised against.

In high dimensions a few points are neighbours of very many others: hubs (M. Radovanović, A. Nanopoulos,
M. Ivanović, "Hubs in Space", JMLR 11, 2010). A hub would be shown to everyone. So from the cosine of a pair
the mean of each side's best cosines with a cohort is subtracted, half from each side, as speaker verification
does (Z. Karam, W. Campbell, N. Dehak, "Towards reduced false-alarms using cohorts", ICASSP 2011; adaptive
symmetric normalisation without the division by the spread). The cohort is part of the model: the result is a
function of two profiles and the model, symmetric, and unchanged by newcomers (docs/adr/0013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats, query_of

N_NEAREST = 10
"""Cohort vectors whose mean cosine is a listener's closeness."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Unit vectors in the space of stored vectors.

    Attributes:
        vectors: [n, 2 * dim] float32, each the mean of several training listeners: none is a person's.
        shift: added to every closeness, so that one pair of strangers in a hundred is closer than 0.

    Raises:
        ValueError: no vector, or a number that is not finite.
    """

    vectors: Floats
    shift: float = 0.0

    def __post_init__(self) -> None:
        if (
            self.vectors.ndim != 2
            or not len(self.vectors)
            or not np.isfinite([self.vectors.sum(), self.shift]).all()
        ):
            raise ValueError("a cohort needs finite vectors")

    def closeness(self, stored: Floats) -> float:
        """Mean cosine of a stored vector, [2 * dim] float32, with the nearest of the cohort, shifted."""
        cosines = self.vectors @ query_of(stored)
        nearest = np.partition(cosines, -min(N_NEAREST, len(cosines)))[-N_NEAREST:]
        return float(nearest.mean(dtype=np.float64)) + self.shift

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays."""
        return {"vectors": self.vectors, "shift": np.array(self.shift)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Cohort":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError: `arrays` is not an output of `to_arrays`.
        """
        return cls(np.asarray(arrays["vectors"], np.float32), float(arrays["shift"]))
