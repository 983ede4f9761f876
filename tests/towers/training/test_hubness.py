"""Learning hubness on small worlds whose hubs are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.components import HUBNESS
from matcher.scoring.exposure import AIMED_SHARE, bound, count_shown, measure_exposure
from matcher.scoring.hubness import FIGURES, bag_figures, stack
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from tests.towers.training.test_ranker import FakeEmbedder, listeners
from towers.training.hubness import (
    MIN_MEMBERS,
    MIN_SAMPLE,
    WEIGHTS_TO_TRY,
    choose_weight,
    find_centroids,
    fit_hubness,
    learn_hubness,
    neighbour_scores,
)

N = 200


def ranker_of(profiles):
    weights = {"towers": 1.0, "artists": 0.01, "tracks": 0.01}
    return Ranker(weights, count_items(profiles), measure_scale([None]), reach=0.2)


@pytest.fixture(scope="module")
def known():
    return listeners(120)


@pytest.fixture(scope="module")
def learned(known):
    rng = np.random.default_rng(0)
    return learn_hubness(FakeEmbedder(), ranker_of(known), known, listeners(60, seed=1), rng)


def test_a_learned_ranker_foresees_crowding_for_people_never_seen(learned):
    profiles = listeners(80, seed=5)
    weighed = [
        learned.weigh(*row) for row in zip(profiles, FakeEmbedder().embed(profiles).stored, strict=True)
    ]
    found = [one.hubness for one in weighed]
    assert min(found) >= 0
    assert np.std(found) > 0


@pytest.mark.parametrize(("n_held_out", "alone"), [(MIN_SAMPLE - 1, False), (MIN_SAMPLE, True)])
def test_known_listeners_are_learned_from_only_where_unknown_ones_are_few(known, n_held_out, alone):
    ranker, held_out = ranker_of(known), listeners(n_held_out, n_items=8, seed=1)  # small bags: less crowded
    found = learn_hubness(FakeEmbedder(), ranker, known, held_out, np.random.default_rng(0))
    stored = FakeEmbedder().embed(held_out).stored
    hubness = [found.weigh(*row).hubness for row in zip(held_out, stored, strict=True)]
    assert (np.mean(np.array(hubness) == 0.0) <= 0.15) == alone


def test_centroids_are_means_of_known_listeners_alone(known):
    one, other = (
        learn_hubness(FakeEmbedder(), ranker_of(known), known, held_out, np.random.default_rng(0))
        for held_out in (listeners(60, seed=1), listeners(60, seed=2))
    )
    np.testing.assert_array_equal(one.hubness.centroids, other.hubness.centroids)


def test_the_other_weights_stay_as_they_are(learned, known):
    before = ranker_of(known).weights
    assert {name: learned.weights[name] for name in before} == before
    assert learned.weights[HUBNESS] in WEIGHTS_TO_TRY


def test_the_same_seed_learns_the_same(learned, known):
    rng = np.random.default_rng(0)
    again = learn_hubness(FakeEmbedder(), ranker_of(known), known, listeners(60, seed=1), rng)
    for name, array in again.hubness.to_arrays().items():
        np.testing.assert_array_equal(array, learned.hubness.to_arrays()[name])


def test_too_few_to_learn_from_leave_the_ranker_as_it_is():
    few = listeners(20)
    before = ranker_of(few)
    assert learn_hubness(FakeEmbedder(), before, few, [], np.random.default_rng(0)) is before


def test_no_centroid_is_the_vector_of_one_listener(known):
    stored = FakeEmbedder().embed(known).stored
    centroids = find_centroids(stored, 0)
    gaps = np.linalg.norm(stored[:, np.newaxis] - centroids[np.newaxis], axis=2)
    assert gaps.min() > 1e-3


@given(st.integers(1, 4))
def test_where_no_place_has_many_the_mean_of_all_is_the_centroid(n):
    stored = np.eye(8, dtype=np.float32)[:n]
    assert n < MIN_MEMBERS
    np.testing.assert_allclose(find_centroids(stored, 0), stored.mean(axis=0, keepdims=True), atol=1e-6)


def test_a_far_place_with_few_listeners_gets_no_centroid():
    rng = np.random.default_rng(0)
    many, few = rng.normal(size=(60, 4)), 50 + rng.normal(size=(2, 4))
    centroids = find_centroids(np.vstack([many, few]).astype(np.float32), 0)
    assert (np.abs(centroids) < 10).all()


def test_closeness_is_the_mean_of_the_best_others():
    raw = np.zeros((40, 40))
    raw[0, 1:31], raw[0, 0] = 2.0, 99.0
    found = neighbour_scores(raw)
    assert found[0] == pytest.approx(2.0)
    assert found[1] == pytest.approx(0.0)


def figures_and_closeness(seed=0):
    """Closeness rises with two figures and falls with a third."""
    figures = np.random.default_rng(seed).random((N, len(FIGURES)))
    return figures, 2.0 * figures[:, 0] + 1.0 * figures[:, 6] - 1.0 * figures[:, 3]


def test_what_makes_crowded_gets_a_slope_and_nothing_a_negative_one():
    figures, close = figures_and_closeness()
    found = fit_hubness(np.eye(4), 0.1, figures, close)
    assert found.slopes[0] == pytest.approx(2.0, rel=0.25)
    assert found.slopes[6] == pytest.approx(1.0, rel=0.4)
    assert found.slopes[3] == 0.0
    assert (found.slopes >= 0).all()


def test_a_figure_that_never_varies_gets_no_slope():
    figures, close = figures_and_closeness()
    figures[:, 0] = 0.5
    assert fit_hubness(np.eye(4), 0.1, figures, close).slopes[0] == 0.0


def test_the_least_crowded_tenth_is_not_crowded_at_all():
    figures, close = figures_and_closeness()
    found = fit_hubness(np.eye(4), 0.1, figures, close).predict(figures)
    assert np.mean(found == 0.0) == pytest.approx(0.1, abs=0.02)


def hub_world(strength, n=N, seed=0):
    """Random symmetric scores, and one listener who is `strength` nearer to everybody."""
    raw = np.random.default_rng(seed).normal(size=(n, n)) * 0.1
    raw = (raw + raw.T) / 2
    raw[0] += strength
    raw[:, 0] += strength
    return raw


def test_without_hubs_nothing_is_taken_off():
    assert choose_weight(hub_world(0.0), np.ones(N)) == 0.0


def test_a_hub_that_is_foreseen_is_brought_below_the_bound():
    raw, hubness = hub_world(0.5), np.where(np.arange(N) == 0, 1.0, 0.0)
    assert measure_exposure(raw).max_share == 1.0
    weight = choose_weight(raw, hubness)
    assert measure_exposure(raw - 0.5 * weight * hubness).max_share <= bound(N - 1, AIMED_SHARE)


def test_no_more_is_taken_off_than_needed():
    hubness = np.where(np.arange(N) == 0, 1.0, 0.0)
    slight, strong = (choose_weight(hub_world(strength), hubness) for strength in (0.2, 0.5))
    assert 0 < slight < strong


def test_where_nothing_helps_nothing_is_taken_off():
    # nothing helps against a hub who is not foreseen
    assert choose_weight(hub_world(0.5), np.zeros(N)) == 0.0


def test_where_no_weight_will_do_the_evenest_is_taken():
    # the one hub is not foreseen and stands in every list; the other is
    raw, hubness = hub_world(0.5), np.where(np.arange(N) == 1, 1.0, 0.0)
    raw[1] += 0.5
    raw[:, 1] += 0.5
    shown = count_shown(raw - 0.5 * choose_weight(raw, hubness) * hubness)
    assert shown[0] == N - 1
    assert shown[1] < 0.1 * N


def test_for_towers_trained_anew_it_makes_no_difference_where_somebody_lies(known):
    ranker, rng = ranker_of(known), np.random.default_rng(0)
    found = learn_hubness(
        FakeEmbedder(), ranker, known, listeners(60, seed=1), rng, towers_are_final=False
    ).hubness
    bags = stack([bag_figures(ranker.weigh(one, np.zeros(8)).bags, ranker.frequencies) for one in known])
    stored = FakeEmbedder().embed(known).stored
    np.testing.assert_array_equal(found.of(stored, bags), found.of(-stored, bags))
    assert np.ptp(found.of(stored, bags)) > 0.0


def test_for_towers_that_stay_it_does(learned, known):
    stored = FakeEmbedder().embed(known).stored
    bags = np.zeros((len(known), len(learned.hubness.slopes) - 2))
    assert not np.array_equal(learned.hubness.of(stored, bags), learned.hubness.of(-stored, bags))


def test_the_score_of_learned_crowding_is_that_of_its_parts(learned):
    profiles = listeners(2, seed=5)
    stored = FakeEmbedder().embed(profiles).stored
    one, other = (learned.weigh(*row) for row in zip(profiles, stored, strict=True))
    heavy = replace(learned, weights={**learned.weights, HUBNESS: 1.0})
    assert heavy.score(one, other) <= replace(heavy, weights={**learned.weights, HUBNESS: 0.0}).score(
        one, other
    )
