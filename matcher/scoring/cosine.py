"""Cosine of two stored vectors, and its softplus."""

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


def softplus(closeness: float | Doubles, softness: float) -> Any:
    """Softness · ln(1 + exp(closeness / softness)), > 0, increasing.

    About 0 for a closeness below 0 and the closeness itself above: strangers farther apart than others are no
    worse than strangers, and what two listeners share by name still counts there (docs/adr/0013).
    """
    return softness * np.logaddexp(0.0, np.asarray(closeness, dtype=np.float64) / softness)
