"""Distances: each measure is one inner product of what the towers give, in training and in serving."""

import dataclasses

import numpy as np
import pytest

from tests.towers.conftest import embed_with_tensorflow
from towers.config import DISTANCES
from towers.metrics import recall_at, symmetric_scores, true_ranks
from towers.model.distances import n_dense_dims, output_layer
from towers.serving.embedder import LiteRtEmbedder

DIM = 8


def ends_of(distance, factor=None):
    """Random vectors before, and what ends of both towers make of them."""
    rng = np.random.default_rng(0)
    before = rng.normal(size=(2, 20, n_dense_dims(distance, DIM))).astype(np.float32)
    ends = [output_layer(distance, is_user) for is_user in (True, False)]
    ends[0](before[0])
    if factor is not None:
        ends[0].set_weights([factor])
    return before, [end(rows).numpy() for end, rows in zip(ends, before, strict=True)]


def inside(rows):
    return rows / np.sqrt(1 + (rows**2).sum(axis=-1, keepdims=True))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def test_for_the_cosine_the_inner_product_is_the_cosine():
    before, (user, candidate) = ends_of("cosine")
    np.testing.assert_allclose(user @ candidate.T, unit(before[0]) @ unit(before[1]).T, atol=1e-6)


def test_for_dot_lengths_stay_apart_inside_the_unit_ball():
    before, (user, candidate) = ends_of("dot")
    np.testing.assert_allclose(user @ candidate.T, inside(before[0]) @ inside(before[1]).T, atol=1e-6)
    order = np.linalg.norm(before[0], axis=1).argsort()
    assert (np.diff(np.linalg.norm(user, axis=1)[order]) > 0).all()


def test_for_euclidean_the_inner_product_falls_with_the_squared_distance():
    before, (user, candidate) = ends_of("euclidean")
    apart = inside(before[0])[:, None] - inside(before[1])[None, :]
    np.testing.assert_allclose(user @ candidate.T, 1 - 0.5 * (apart**2).sum(axis=-1), atol=1e-6)


def test_for_hadamard_the_inner_product_is_a_dense_layer_over_the_product():
    factor = np.linspace(-2, 4, DIM).astype(np.float32)
    before, (user, candidate) = ends_of("hadamard", factor)
    product = unit(before[0])[:, None] * unit(before[1])[None, :]
    np.testing.assert_allclose(user @ candidate.T, product @ (factor / 4), atol=1e-6)


@pytest.mark.parametrize("distance", DISTANCES)
def test_scores_lie_between_minus_1_and_1(distance):
    _, (user, candidate) = ends_of(distance)
    assert np.abs(user @ candidate.T).max() <= 1 + 1e-6


@pytest.mark.parametrize("distance", [one for one in DISTANCES if one != "cosine"])
def test_towers_of_every_distance_learn_and_are_served_as_they_were_trained(
    retrain, tiny_config, world, held_out, distance
):
    trained = retrain(dataclasses.replace(tiny_config, distance=distance, epochs=3))
    embedder = LiteRtEmbedder(trained.artefact)
    ones, others = zip(*(world.halves(one) for one in held_out), strict=True)
    a, b = embedder.embed(ones), embedder.embed(others)
    expected = embed_with_tensorflow(trained, trained.artefact.maker.make(ones[:5]))
    np.testing.assert_allclose(a.user[:5], expected.user, atol=1e-5)
    scores = symmetric_scores((a.user, b.user), (a.candidate, b.candidate))
    np.testing.assert_allclose(a.query @ b.stored.T, scores, atol=1e-6)
    np.testing.assert_allclose(b.query @ a.stored.T, scores.T, atol=1e-6)
    assert np.abs(scores).max() <= 1 + 1e-6
    assert recall_at(true_ranks(scores), 10) > 0.4
