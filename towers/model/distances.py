"""How near two listeners are: each measure as a way to end a tower, so that one inner product gives it.

Whatever the measure, the score of a pair is s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)) of what the towers give, in
[-1, 1]: what training divides by the temperature is what is stored and searched. docs/adr/0005-distances.md
says why.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from towers.model.backend import tf, tf_keras

Tensor = Any
"""TensorFlow is not typed; shapes stand in the docstrings."""

_TINY = 1e-12
_N_LENGTHS = 2


def unit(vectors: Tensor) -> Tensor:
    """Vectors cut to unit length along the last axis; a zero vector stays zero."""
    squared = tf.reduce_sum(vectors * vectors, axis=-1, keepdims=True)
    return vectors * tf.math.rsqrt(tf.maximum(squared, _TINY))


def inside_ball(vectors: Tensor) -> Tensor:
    """Vectors drawn inside the unit ball, direction and order of lengths kept: x / √(1 + |x|²)."""
    return vectors * tf.math.rsqrt(1.0 + tf.reduce_sum(vectors * vectors, axis=-1, keepdims=True))


def lifted(vectors: Tensor, is_user: bool) -> Tensor:
    """Vectors inside the unit ball with two more dimensions, by which U·C is 1 - ½ |u - c|².

    U = [u, ½ (1 - |u|²), 1], C = [c, 1, ½ (1 - |c|²)]. The lifting of lengths is that of Y. Bachrach et al.,
    "Speeding Up the Xbox Recommender System Using a Euclidean Transformation for Inner-Product Spaces",
    RecSys 2014, the other way round.
    """
    inside = inside_ball(vectors)
    left = 0.5 * (1.0 - tf.reduce_sum(inside * inside, axis=-1, keepdims=True))
    ends = [left, tf.ones_like(left)] if is_user else [tf.ones_like(left), left]
    return tf.concat([inside, *ends], axis=-1)


class Weighed(tf_keras.layers.Layer):  # type: ignore[misc]
    """Vectors of unit length times learned weights, by which U·C is a dense layer over the Hadamard product.

    The weights begin at 1 and are divided by the largest. A bias would be the same for all candidates and
    fall out of the softmax.
    """

    def build(self, shape: Any) -> None:
        """Make the weights."""
        self.factor = self.add_weight(name="factor", shape=(shape[-1],), initializer="ones")
        super().build(shape)

    def call(self, vectors: Tensor) -> Tensor:
        """[n, dim] of [n, dim]."""
        return unit(vectors) * self.factor / tf.reduce_max(tf.abs(self.factor))


def ending(distance: str, is_user: bool) -> Callable[[Tensor], Tensor]:
    """What ends a tower, by the name of a measure in `config.DISTANCES`: [n, dim] of [n, free_dims]."""
    if distance == "hadamard":
        return Weighed() if is_user else unit
    ends: dict[str, Callable[[Tensor], Tensor]] = {
        "cosine": unit,
        "dot": inside_ball,
        "euclidean": partial(lifted, is_user=is_user),
    }
    return ends[distance]


def free_dims(distance: str, dim: int) -> int:
    """How many of a tower's dimensions its dense layer fills; the others follow from them."""
    return dim - _N_LENGTHS if distance == "euclidean" else dim
