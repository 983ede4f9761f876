"""Cosine of two stored vectors, and the kernel that bends it."""

from typing import Any

import numpy as np

from matcher.domain.vectors import Floats, query_of
from matcher.scoring.audio_similarity import Doubles

_AT_ONCE = 512
"""Vectors that are turned into doubles at once, so that they stay in the processor's cache."""


def cosines(stored: Floats, others: Doubles | Floats) -> Doubles:
    """[n] tower scores of one stored vector with others, in [-1, 1]; symmetric.

    Args:
        stored: [2 * dim] float32.
        others: [n, 2 * dim].
    """
    query = query_of(stored).astype(np.float64)
    chunks = (others[first : first + _AT_ONCE] for first in range(0, max(len(others), 1), _AT_ONCE))
    return np.concatenate([rows.astype(np.float64, copy=False) @ query for rows in chunks])


def cosine_kernel(cosine: float | Doubles, reach: float) -> Any:
    """exp((cosine - 1) / reach), in (0, 1], rising with the cosine.

    Convex on purpose. Two halves of one person lie very near each other and often share no item; friends lie
    farther apart and share a lot. A straight line would have to choose between them (docs/adr/0004).
    """
    return np.exp((np.asarray(cosine, dtype=np.float64) - 1.0) / reach)
