"""Generalised max pooling of many bags at once in TensorFlow (see `features.pooling`)."""

from collections.abc import Callable

from towers.features.pooling import N_STEPS
from towers.model.backend import tf
from towers.model.distances import Tensor

_TINY = 1e-12


def pool(vectors: Tensor, weights: Tensor, segments: Tensor, n_segments: Tensor, ridge: float) -> Tensor:
    """[n_segments, dim] pooled vectors of bags; zero for an empty bag.

    `vectors` is [n, dim], `weights` [n], and `segments` [n] int32 the bag of each entry. The linear systems
    are solved by conjugate gradients, all bags at once, without building any matrix. The gradient solves one
    more system instead of passing through the steps (implicit differentiation), which saves their memory.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def solve(vectors: Tensor, weights: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        alpha = _conjugate_gradients(vectors, weights, segments, n_segments, ridge)
        pooled = _combine(vectors, alpha, segments, n_segments)

        def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
            # with A = VVᵀ + λI, α = A⁻¹w and p = Vᵀα, upstream g: β = A⁻¹Vg is the gradient of w, and that of
            # V is α(g - Vᵀβ)ᵀ - βpᵀ
            outer = tf.gather(upstream, segments)
            beta = _conjugate_gradients(
                vectors, tf.reduce_sum(vectors * outer, axis=1), segments, n_segments, ridge
            )
            rest = outer - tf.gather(_combine(vectors, beta, segments, n_segments), segments)
            back = alpha[:, tf.newaxis] * rest - beta[:, tf.newaxis] * tf.gather(pooled, segments)
            return back, beta

        return pooled, gradient

    return solve(vectors, weights)


def _combine(vectors: Tensor, alpha: Tensor, segments: Tensor, n_segments: Tensor) -> Tensor:
    return tf.math.unsorted_segment_sum(vectors * alpha[:, tf.newaxis], segments, n_segments)


def _conjugate_gradients(
    vectors: Tensor, target: Tensor, segments: Tensor, n_segments: Tensor, ridge: float
) -> Tensor:
    """[n] solution of (VVᵀ + λI) x = target, bag by bag."""

    def sums(values: Tensor) -> Tensor:
        return tf.math.unsorted_segment_sum(values, segments, n_segments)

    solution, residual, direction = tf.zeros_like(target), target, target
    squared = sums(residual * residual)
    for _ in range(N_STEPS):
        pooled = tf.gather(_combine(vectors, direction, segments, n_segments), segments)
        image = tf.reduce_sum(vectors * pooled, axis=1) + ridge * direction
        # a bag that has converged, or is empty, has a residual of 0: its steps are 0, too
        step = tf.gather(squared / tf.maximum(sums(direction * image), _TINY), segments)
        solution, residual = solution + step * direction, residual - step * image
        before, squared = squared, sums(residual * residual)
        direction = residual + tf.gather(squared / tf.maximum(before, _TINY), segments) * direction
    return solution
