"""Names: vectors of items that no training listener had, by what they are called.

A name is the sum of its n-grams of characters, whose vectors are learned from the items that training
listeners had (`towers.training.names`). So "DJ Krush & Toshinori" lies near "DJ Krush", and a name in Thai
near others in Thai.
"""

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.canonical_keys import OPAQUE
from matcher.domain.names.spelling import SEPARATOR
from matcher.domain.vectors import Floats

N_ROWS = 1 << 15
"""n-grams share this many vectors: 8 MB in the model at 128 dimensions."""
_SIZES = (3, 4, 5)
_MOST_CHARACTERS = 200
_CACHED = 20_000
_TINY = 1e-6


def is_name(key: str) -> bool:
    """Whether a canonical key is made of names, and not of an id."""
    return bool(key) and not key.startswith(OPAQUE)


def ngrams(key: str) -> dict[int, float]:
    """Damped counts of a key's n-grams, by row.

    n-grams of 3, 4 and 5 characters of each word with its borders, hashed (P. Bojanowski et al., "Enriching
    Word Vectors with Subword Information", TACL 5, 2017). Counts become 1 + ln(count).
    """
    counts: Counter[int] = Counter()
    for word in key[:_MOST_CHARACTERS].replace(SEPARATOR, " ").split():
        padded = f" {word} ".encode("utf-32-le", "surrogatepass")
        for size in _SIZES:
            for start in range(0, len(padded) - 4 * size + 1, 4):
                counts[zlib.crc32(padded[start : start + 4 * size]) % N_ROWS] += 1
    return {row: 1.0 + math.log(count) for row, count in counts.items()}


class NameVectors:
    """Vectors of names. Thread-safe.

    Args:
        rows: [N_ROWS, dim] float16, the vector of each n-gram.
        length: length of a name's vector, in (0, 1); that of a well-known item is close to 1.

    Raises:
        ValueError: a shape is wrong, or a number is not finite or out of range.
    """

    def __init__(self, rows: NDArray[np.float16], length: float) -> None:
        if rows.ndim != 2 or len(rows) != N_ROWS or not np.isfinite(rows).all():
            raise ValueError("the vectors of names do not fit")
        if not 0.0 < length < 1.0:
            raise ValueError("the length of a name's vector lies between 0 and 1")
        self.rows, self.length = rows, length
        self._vector = lru_cache(maxsize=_CACHED)(self._vector_of)

    def of(self, keys: Sequence[str]) -> Floats:
        """[n, dim] float32 of this length; zero if nothing is known of a name's n-grams."""
        if not keys:
            return np.zeros((0, self.rows.shape[1]), np.float32)
        return np.stack([self._vector(key) for key in keys])

    def _vector_of(self, key: str) -> Floats:
        counts = ngrams(key)
        weights = np.fromiter(counts.values(), np.float32, len(counts))
        total = weights @ self.rows[list(counts)].astype(np.float32)
        norm = float(np.linalg.norm(total))
        return np.asarray(total * (self.length / norm if norm > _TINY else 0.0), np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays."""
        return {"rows": self.rows, "length": np.array(self.length)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "NameVectors":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError: `arrays` is not an output of `to_arrays`.
        """
        return cls(np.asarray(arrays["rows"], np.float16), float(arrays["length"]))
