"""Pooling: from the item vectors of a bag to one vector, by generalised max pooling.

A weighted mean lets twenty items of one sort outvote one of another. Generalised max pooling weights the
items so that each one's inner product with the pooled vector is about its own weight w: with the item vectors
as rows of V, the pooled vector is Vᵀα with α = (VVᵀ + λI)⁻¹w (N. Murray and F. Perronnin, "Generalized Max
Pooling", CVPR 2014). A large λ gives the direction of the weighted sum again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.vectors import Floats
from towers.features.feature_maker import FeatureBatch
from towers.features.names import NameVectors
from towers.features.vocabulary import Field

BAGS: tuple[tuple[Field, ...], ...] = (
    (Field.ARTIST, Field.TRACK),
    (Field.TAG,),
    (Field.WORD,),
    (Field.DECADE,),
    (Field.HASHED,),
)
"""Fields that are pooled together: a listener's artists and tracks are one bag."""

N_BAGS = len(BAGS)

BAG_OF_FIELD: NDArray[np.int64] = np.array(
    [next(place for place, fields in enumerate(BAGS) if field in fields) for field in Field], np.int64
)
"""[n_fields], the bag of each field."""


N_STEPS = 12
_CONVERGED = 1e-12  # squared residual, relative to the first: further steps change nothing in float32
_TINY = np.float32(1e-12)


def pooling_weights(vectors: Floats, weights: Floats, ridge: float) -> Floats:
    """[n] float32 α, the weight of each item vector in the pooled vector.

    `vectors` is [n, dim] float32, `weights` [n] float32; `ridge` is λ > 0. Solved by at most `N_STEPS`
    conjugate gradients (M. Hestenes and E. Stiefel, "Methods of Conjugate Gradients for Solving Linear
    Systems", 1952), as in training.
    """
    solution, residual, direction = np.zeros_like(weights), weights, weights
    squared = first = residual @ residual
    for _ in range(N_STEPS):
        if squared <= _CONVERGED * first:
            break
        image = vectors @ (direction @ vectors) + np.float32(ridge) * direction
        step = squared / max(direction @ image, _TINY)
        solution, residual = solution + step * direction, residual - step * image
        before, squared = squared, residual @ residual
        direction = residual + squared / max(before, _TINY) * direction
    return solution


@dataclass(frozen=True, slots=True, eq=False)
class ItemVectors:
    """Vectors of items: [n_tokens, dim] float32 of tokens, and those of names, if the model has them."""

    table: Floats
    names: NameVectors | None = None

    def of(self, tokens: NDArray[np.int32], names: Sequence[str]) -> Floats:
        """[n, dim] of tokens [n], where n_tokens + i stands for names[i]."""
        if not names or self.names is None:
            return self.table[tokens]
        unnamed = tokens < len(self.table)
        found = np.empty((len(tokens), self.table.shape[1]), np.float32)
        found[unnamed] = self.table[tokens[unnamed]]
        found[~unnamed] = self.names.of([names[token - len(self.table)] for token in tokens[~unnamed]])
        return found


def pool_features(items: ItemVectors, features: FeatureBatch, ridge: float) -> Floats:
    """[n, N_BAGS, dim] float32 pooled vectors of unit length; zero for an empty bag.

    Each listener is pooled alone, so that no vector depends on its batch.
    """
    pooled = np.zeros((len(features.tokens), N_BAGS, items.table.shape[1]), np.float32)
    for row in range(len(pooled)):
        for place, (tokens, weights) in enumerate(bags_of(features, row)):
            if len(tokens):
                vectors = items.of(tokens, features.names)
                pooled[row, place] = unit(pooling_weights(vectors, weights, ridge) @ vectors)
    return pooled


def bags_of(features: FeatureBatch, row: int) -> list[tuple[NDArray[np.int32], Floats]]:
    """Tokens and weights of each bag of one listener; the weights of each field have mean 1."""
    filled = features.weights[row] > 0
    counts = filled.sum(axis=1)
    return [
        (
            np.concatenate([features.tokens[row, field][filled[field]] for field in fields]),
            np.concatenate([features.weights[row, field][filled[field]] * counts[field] for field in fields]),
        )
        for fields in BAGS
    ]


def unit(vector: Floats) -> Floats:
    """Scale a vector to unit length; a zero vector stays zero."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)
