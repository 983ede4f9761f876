"""Names: vectors of items that no training listener had, by what they are called.

A name is the sum of its n-grams of characters, whose vectors are learned from the items that training
listeners had (`towers.training.names`). So "DJ Krush & Toshinori" lies near "DJ Krush", and a name in Thai
near others in Thai.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

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
_BETWEEN = "\0"
_FACTORS = np.array(
    # random and odd, one for each place in an n-gram
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB],
    np.uint64,
)
_MIX = np.uint64(0x8EBC6AF09C88C6E3)


def is_name(key: str) -> bool:
    """Whether a canonical key is made of names, and not of an id."""
    return bool(key) and not key.startswith(OPAQUE)


class NGrams(NamedTuple):
    """n-grams of several names, name by name.

    Attributes:
        name: [n] int64, ascending, the name of each.
        row: [n] int64, its row, below N_ROWS; ascending within a name.
        weight: [n] float32, its damped count: 1 + ln(count).
    """

    name: NDArray[np.int64]
    row: NDArray[np.int64]
    weight: Floats


def ngrams(keys: Sequence[str]) -> NGrams:
    """n-grams of 3, 4 and 5 characters of each word with its borders, hashed into rows.

    After P. Bojanowski et al., "Enriching Word Vectors with Subword Information", TACL 5, 2017. Only the
    beginning of a very long name counts.
    """
    words = [key[:_MOST_CHARACTERS].replace(_BETWEEN, " ").replace(SEPARATOR, " ").split() for key in keys]
    padded = [[f" {word} {_BETWEEN}" for word in some] for some in words]
    text = "".join(word for some in padded for word in some)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    name_of = np.repeat(np.arange(len(keys)), [sum(map(len, some)) for some in padded])
    n_borders = np.cumsum(np.append(0, letters == 0))
    codes = []
    for size in _SIZES:
        start = np.arange(len(letters) - size + 1)
        start = start[n_borders[start + size] == n_borders[start]]  # within one word
        hashed = np.full(len(start), size, np.uint64)
        for place in range(size):
            hashed += letters[start + place] * _FACTORS[place]
        mixed = (hashed ^ (hashed >> np.uint64(29))) * _MIX
        codes.append(name_of[start] * N_ROWS + (mixed >> np.uint64(49)).astype(np.int64))
    found, counts = np.unique(np.concatenate(codes), return_counts=True)
    weights = (1.0 + np.log(counts)).astype(np.float32)
    return NGrams(found // N_ROWS, found % N_ROWS, weights)


class NameVectors:
    """Vectors of names. Thread-safe.

    Args:
        rows: [N_ROWS, dim], the vector of each n-gram; stored as float16.
        length: length of a name's vector, in (0, 1); that of a well-known item is close to 1.

    Raises:
        ValueError: a shape is wrong, or a number is not finite or out of range.
    """

    def __init__(self, rows: NDArray[np.floating[Any]], length: float) -> None:
        if rows.ndim != 2 or len(rows) != N_ROWS or not np.isfinite(rows).all():
            raise ValueError("the vectors of names do not fit")
        if not 0.0 < length < 1.0:
            raise ValueError("the length of a name's vector lies between 0 and 1")
        self.rows, self.length = rows.astype(np.float32), length  # no conversion of what is looked up
        self._kept: dict[str, Floats] = {}

    def of(self, keys: Sequence[str]) -> Floats:
        """[n, dim] float32 of this length; zero if nothing is known of a name's n-grams."""
        if not keys:
            return np.zeros((0, self.rows.shape[1]), np.float32)
        kept = self._kept  # another thread may replace it meanwhile
        new = [key for key in dict.fromkeys(keys) if key not in kept]
        found = dict(zip(new, self._vectors(new), strict=True)) if new else {}
        vectors = np.stack([found[key] if key in found else kept[key] for key in keys])
        if len(kept) + len(found) > _CACHED:
            self._kept = found
        else:
            kept.update(found)
        return vectors

    def _vectors(self, keys: Sequence[str]) -> Floats:
        name, row, weight = ngrams(keys)
        totals = np.zeros((len(keys), self.rows.shape[1]), np.float32)
        ends = np.searchsorted(name, np.arange(len(keys) + 1))
        for place, (start, end) in enumerate(pairwise(ends.tolist())):
            # name by name: what is gathered for one stays in the processor's cache
            totals[place] = weight[start:end] @ self.rows[row[start:end]]
        lengths = np.linalg.norm(totals, axis=1, keepdims=True)
        return np.where(lengths > _TINY, totals * (self.length / np.maximum(lengths, _TINY)), 0.0)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays."""
        return {"rows": self.rows.astype(np.float16), "length": np.array(self.length)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "NameVectors":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError: `arrays` is not an output of `to_arrays`.
        """
        return cls(np.asarray(arrays["rows"], np.float32), float(arrays["length"]))
