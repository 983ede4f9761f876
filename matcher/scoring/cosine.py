"""Cosine of two stored vectors, and its kernel."""

from typing import Any

import numpy as np

from matcher.domain.vectors import Floats, query_of
from matcher.scoring.audio_similarity import Doubles

_AT_ONCE = 512  # rows converted to float64 at once: a chunk fits in the processor's cache


def cosines(stored: Floats, others: Doubles | Floats) -> Doubles:
    """[n] tower scores of one stored vector with others, in [-1, 1]; symmetric.

    `stored` is [2 * dim] float32, `others` [n, 2 * dim].
    """
    query = query_of(stored).astype(np.float64)
    chunks = (others[first : first + _AT_ONCE] for first in range(0, max(len(others), 1), _AT_ONCE))
    return np.concatenate([rows.astype(np.float64, copy=False) @ query for rows in chunks])


def cosine_kernel(cosine: float | Doubles, reach: float) -> Any:
    """exp((cosine - 1) / reach), in (0, 1], increasing with the cosine.

    Convex, because two halves of one person are very close and often share no item, while friends are less
    close and share many. A linear term cannot fit both (docs/adr/0004).
    """
    return np.exp((np.asarray(cosine, dtype=np.float64) - 1.0) / reach)
