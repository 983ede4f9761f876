"""Output layers of the towers: each makes a distance measure an inner product.

Every measure scores s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)) in [-1, 1]. Training divides it by the temperature;
storage and search use it unchanged (docs/adr/0005-distances.md).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from towers.model.backend import tf, tf_keras

Tensor = Any
"""TensorFlow has no types; shapes are in the docstrings."""

_TINY = 1e-12
_N_LENGTHS = 2


def unit(vectors: Tensor) -> Tensor:
    """Scale vectors to unit length along the last axis; a zero vector stays zero."""
    squared = tf.reduce_sum(vectors * vectors, axis=-1, keepdims=True)
    return vectors * tf.math.rsqrt(tf.maximum(squared, _TINY))


def into_unit_ball(vectors: Tensor) -> Tensor:
    """Scale vectors into the unit ball, x / √(1 + |x|²), keeping the direction."""
    return vectors * tf.math.rsqrt(1.0 + tf.reduce_sum(vectors * vectors, axis=-1, keepdims=True))


def lifted(vectors: Tensor, is_user: bool) -> Tensor:
    """Add two dimensions to vectors in the unit ball, so that U·C is 1 - ½ |u - c|².

    U = [u, ½ (1 - |u|²), 1], C = [c, 1, ½ (1 - |c|²)]. This inverts the transformation of Y. Bachrach et al.,
    "Speeding Up the Xbox Recommender System Using a Euclidean Transformation for Inner-Product Spaces",
    RecSys 2014.
    """
    inside = into_unit_ball(vectors)
    length = 0.5 * (1.0 - tf.reduce_sum(inside * inside, axis=-1, keepdims=True))
    ends = [length, tf.ones_like(length)] if is_user else [tf.ones_like(length), length]
    return tf.concat([inside, *ends], axis=-1)


class WeightedUnit(tf_keras.layers.Layer):  # type: ignore[misc]
    """Unit vectors times learned weights: U·C is dense over the Hadamard product.

    The weights start at 1 and are divided by the largest. There is no bias: it would be the same for all
    candidates and cancel out in the softmax.
    """

    def __init__(self) -> None:
        super().__init__(name="weighed")  # part of the exported model, and so of its version

    def build(self, shape: Any) -> None:
        """Create the weights."""
        self.factor = self.add_weight(name="factor", shape=(shape[-1],), initializer="ones")
        super().build(shape)

    def call(self, vectors: Tensor) -> Tensor:
        """Map [n, dim] to [n, dim]."""
        return unit(vectors) * self.factor / tf.reduce_max(tf.abs(self.factor))


def output_layer(distance: str, is_user: bool) -> Callable[[Tensor], Tensor]:
    """Output layer of a measure in `config.DISTANCES`: [n, n_dense_dims] to [n, dim]."""
    if distance == "hadamard":
        return WeightedUnit() if is_user else unit
    layers: dict[str, Callable[[Tensor], Tensor]] = {
        "cosine": unit,
        "dot": into_unit_ball,
        "euclidean": partial(lifted, is_user=is_user),
    }
    return layers[distance]


def n_dense_dims(distance: str, dim: int) -> int:
    """Outputs of a tower's dense layer; the output layer adds the other dimensions."""
    return dim - _N_LENGTHS if distance == "euclidean" else dim
