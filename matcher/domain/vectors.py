"""One vector a listener, both towers in it, and a score that is the same from both sides.

With user tower U and candidate tower C the tower score of a pair, in [-1, 1], is
s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)). With the stored vector v = [C; U]/√2 and the query q = [U; C]/√2 it is
the single inner product q(a)·v(b), so one index serves it. The towers are of unit length, and s a cosine,
unless they were trained with another distance (docs/adr/0005-distances.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_HALF = np.float32(np.sqrt(0.5))


@dataclass(frozen=True, slots=True, eq=False)
class TowerVectors:
    """What the two towers say of some listeners.

    Attributes:
        user: [n_listeners, dim] float32, rows of unit length for the cosine.
        candidate: [n_listeners, dim] float32, likewise; row i is the listener of `user` row i.

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
        """Vectors to keep: [n_listeners, 2 * dim] float32, [C; U]/√2, of unit length for the cosine."""
        return np.hstack([self.candidate, self.user]) * _HALF

    @property
    def query(self) -> Floats:
        """Vectors to ask with: [n_listeners, 2 * dim] float32, [U; C]/√2, of unit length for the cosine."""
        return np.hstack([self.user, self.candidate]) * _HALF


def query_of(stored: Floats) -> Floats:
    """The query vectors of stored vectors: the halves swapped. Works on [2 * dim] and [n, 2 * dim]."""
    dim = stored.shape[-1] // 2
    return np.concatenate([stored[..., dim:], stored[..., :dim]], axis=-1)


def to_half(vectors: Floats) -> Floats:
    """The same vectors as half precision can say them, which is how they are kept: any shape, float32."""
    return vectors.astype(np.float16).astype(np.float32)
