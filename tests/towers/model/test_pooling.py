"""Pooling: numpy in serving and TensorFlow in training give the same vectors."""

import numpy as np
import pytest

from towers.features.feature_maker import AUDIO_WIDTH as AUDIO
from towers.features.feature_maker import FeatureBatch
from towers.features.names import NameVectors
from towers.features.pooling import BAGS, N_BAGS, ItemVectors, bags_of, pool_features, pooling_weights
from towers.features.vocabulary import Field
from towers.model.backend import tf
from towers.model.pooling import pool

RNG = np.random.default_rng(0)


def unit_rows(n: int, dim: int = 32) -> np.ndarray:
    rows = RNG.normal(size=(n, dim)) + RNG.normal(size=dim)  # correlated, as items of one taste are
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def weights(n: int) -> np.ndarray:
    return RNG.uniform(0.2, 3.0, n).astype(np.float32)


def exact(vectors: np.ndarray, w: np.ndarray, ridge: float) -> np.ndarray:
    gram = vectors.astype(float) @ vectors.T.astype(float) + ridge * np.eye(len(w))
    return np.linalg.solve(gram, w)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 300])
@pytest.mark.parametrize("ridge", [0.3, 1.0, 10.0])
def test_pooling_solves_the_system(n, ridge):
    vectors, w = unit_rows(n), weights(n)
    found, expected = pooling_weights(vectors, w, ridge) @ vectors, exact(vectors, w, ridge) @ vectors
    cosine = found @ expected / np.linalg.norm(found) / np.linalg.norm(expected)
    assert cosine > 0.99999


def test_twenty_items_of_one_sort_do_not_outvote_one_of_another():
    many, one = np.eye(8, dtype=np.float32)[[0] * 20], np.eye(8, dtype=np.float32)[[1]]
    vectors, w = np.concatenate([many, one]), np.ones(21, np.float32)
    mean, pooled = w @ vectors, pooling_weights(vectors, w, 1.0) @ vectors
    assert mean[0] / mean[1] == pytest.approx(20)
    assert pooled[0] / pooled[1] == pytest.approx(20 / 21 / (1 / 2), rel=1e-4)  # n / (n + λ) each


def test_a_large_ridge_gives_the_direction_of_the_weighted_sum():
    vectors, w = unit_rows(9), weights(9)
    pooled, mean = pooling_weights(vectors, w, 1e6) @ vectors, w @ vectors
    np.testing.assert_allclose(pooled / np.linalg.norm(pooled), mean / np.linalg.norm(mean), atol=1e-4)


def test_training_and_serving_pool_alike_and_an_empty_bag_is_zero():
    sizes = [3, 0, 25, 1]
    bags = [(unit_rows(n), weights(n)) for n in sizes]
    segments = np.repeat(np.arange(4), sizes).astype(np.int32)
    flat = [np.concatenate([bag[place] for bag in bags]) for place in (0, 1)]
    found = pool(*map(tf.constant, flat), tf.constant(segments), 4, 1.0).numpy()
    expected = [pooling_weights(vectors, w, 1.0) @ vectors if len(w) else np.zeros(32) for vectors, w in bags]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_gradient_is_that_of_small_steps():
    vectors, w = tf.constant(unit_rows(5, 6), tf.float32), tf.constant(weights(5))
    segments, direction = tf.constant([0, 0, 0, 1, 1]), tf.constant(RNG.normal(size=(2, 6)), tf.float32)

    def value(vectors, w):
        return tf.reduce_sum(pool(vectors, w, segments, 2, 0.7) * direction)

    theoretical, numerical = tf.test.compute_gradient(value, [vectors, w], delta=1e-2)
    for found, expected in zip(theoretical, numerical, strict=True):
        np.testing.assert_allclose(found, expected, atol=2e-3)


def test_artists_and_tracks_are_one_bag_and_each_field_has_mean_one():
    tokens, amounts = np.zeros((1, len(Field), 4), np.int32), np.zeros((1, len(Field), 4), np.float32)
    tokens[0, Field.ARTIST, :2], amounts[0, Field.ARTIST, :2] = [5, 6], [0.75, 0.25]
    tokens[0, Field.TRACK, :1], amounts[0, Field.TRACK, :1] = [7], [1.0]
    features = FeatureBatch(tokens, amounts, np.zeros((1, AUDIO), np.float32))
    bag_tokens, bag_weights = bags_of(features, 0)[BAGS.index((Field.ARTIST, Field.TRACK))]
    assert bag_tokens.tolist() == [5, 6, 7]
    assert bag_weights.tolist() == [1.5, 0.5, 1.0]
    pooled = pool_features(ItemVectors(unit_rows(8)), features, 1.0)
    assert pooled.shape == (1, N_BAGS, 32)
    assert np.linalg.norm(pooled[0], axis=1).round(5).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_a_token_beyond_the_table_stands_for_a_name():
    rows = np.random.default_rng(0).normal(size=(32_768, 32)).astype(np.float16)
    names = NameVectors(rows, 0.3)
    items = ItemVectors(unit_rows(8), names)
    found = items.of(np.array([9, 2, 8], np.int32), ["abba", "can"])
    np.testing.assert_array_equal(found, [*names.of(["can"]), items.table[2], *names.of(["abba"])])
