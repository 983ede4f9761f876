"""Learns the vectors of names from the items that training listeners had."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import Doubles
from towers.features.names import N_ROWS, ngrams

_PRIOR_WEIGHT = 1.0
"""Weight of the mean, added to an n-gram's items: rare n-grams say little."""
_TINY = 1e-9


class LearnedNames(NamedTuple):
    """What names tell.

    Attributes:
        rows: [N_ROWS, dim] float16, the vector of each n-gram.
        expected: [n, dim] float64, unit vector of each item by others' names; zero if they tell nothing.
    """

    rows: NDArray[np.float16]
    expected: Doubles


def learn_names(keys: Sequence[str], vectors: Floats, weights: Doubles) -> LearnedNames:
    """Learn n-grams from items.

    `keys` are n canonical keys of names, `vectors` [n, dim] their vectors, `weights` [n] > 0. An n-gram's
    vector is the shrunken weighted mean of the centred vectors of the items in whose names it occurs, times
    its idf. An item's expected vector leaves out the item itself, exactly.
    """
    grams, idf = _weighted_ngrams(keys)
    centred = vectors - np.average(vectors, axis=0, weights=weights)
    weighed = sp.diags_array(weights) @ grams
    sums, totals = weighed.T @ centred, np.asarray(weighed.sum(axis=0))
    rows = sums / (totals + _PRIOR_WEIGHT)[:, np.newaxis]
    # an item's own share of the sum and of the total is taken from each of its n-grams
    own = np.repeat(weights, np.diff(grams.indptr)) * grams.data
    shares = grams.copy()
    shares.data = grams.data / (totals[grams.indices] - own + _PRIOR_WEIGHT)
    own_part = np.add.reduceat(np.append(shares.data * own, 0.0), grams.indptr[:-1])
    own_part[np.diff(grams.indptr) == 0] = 0.0
    expected = shares @ sums - own_part[:, np.newaxis] * centred
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    unit = np.where(lengths > _TINY, expected / np.maximum(lengths, _TINY), 0.0)
    return LearnedNames((rows * idf[:, np.newaxis]).astype(np.float16), unit)


def _weighted_ngrams(keys: Sequence[str]) -> tuple[sp.csr_array, Doubles]:
    """[n, N_ROWS] damped counts times idf, in rows of unit length; and [N_ROWS] the idf."""
    name, row, weight = ngrams(keys)
    starts = np.searchsorted(name, np.arange(len(keys) + 1))
    idf = np.log((1 + len(keys)) / (1 + np.bincount(row, minlength=N_ROWS))) + 1
    data = weight.astype(np.float64) * idf[row]
    data /= np.sqrt(np.bincount(name, data**2, len(keys)))[name]
    return sp.csr_array((data, row, starts), shape=(len(keys), N_ROWS)), idf
