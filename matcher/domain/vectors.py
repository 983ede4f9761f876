"""One vector per listener that holds both towers, and a symmetric score.

With user tower U and candidate tower C the tower score of a pair, in [-1, 1], is
s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)). With the stored vector v = [C; U]/√2 and the query q = [U; C]/√2 this is
the inner product q(a)·v(b), so one index is enough. The towers have unit length, and s is a cosine, unless
they were trained with another distance (docs/adr/0005-distances.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_HALF = np.float32(np.sqrt(0.5))


@dataclass(frozen=True, slots=True, eq=False)
class TowerVectors:
    """Outputs of both towers for some listeners.

    Attributes:
        user: [n_listeners, dim] float32, unit length for the cosine.
        candidate: [n_listeners, dim] float32, unit length for the cosine; rows match `user`.

    Raises:
        ValueError: the shapes differ or are not matrices.
    """

    user: Floats
    candidate: Floats

    def __post_init__(self) -> None:
        if self.user.ndim != 2 or self.user.shape != self.candidate.shape:
            raise ValueError(f"tower shapes differ: {self.user.shape} and {self.candidate.shape}")

    @property
    def stored(self) -> Floats:
        """Vectors to store: [n_listeners, 2 * dim] float32, [C; U]/√2."""
        return np.hstack([self.candidate, self.user]) * _HALF

    @property
    def query(self) -> Floats:
        """Query vectors: [n_listeners, 2 * dim] float32, [U; C]/√2."""
        return np.hstack([self.user, self.candidate]) * _HALF


def query_of(stored: Floats) -> Floats:
    """Query vectors of stored vectors: swap the halves of [2 * dim] or [n, 2 * dim]."""
    dim = stored.shape[-1] // 2
    return np.concatenate([stored[..., dim:], stored[..., :dim]], axis=-1)


def to_half(vectors: Floats) -> Floats:
    """Round to half precision, as stored: any shape, float32."""
    return vectors.astype(np.float16).astype(np.float32)
