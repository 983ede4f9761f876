import numpy as np
import pytest

from towers.evaluation.bootstrap import N_RESAMPLES, interval, resample, resampling_weights
from towers.evaluation.protocols import Sample

N = 400


@pytest.fixture(scope="module")
def weights():
    return resampling_weights(N)


def sample_of(values):
    return Sample(np.asarray(values, float), np.ones(len(values)))


def test_the_interval_of_a_mean_is_that_of_the_normal_distribution(weights):
    values = np.random.default_rng(1).random(N)
    low, high = interval([resample(sample_of(values), weights)])
    error = 1.96 * values.std() / np.sqrt(N)
    assert low == pytest.approx(values.mean() - error, abs=0.1 * error)
    assert high == pytest.approx(values.mean() + error, abs=0.1 * error)


def test_a_figure_that_is_the_same_for_all_does_not_move(weights):
    assert interval([resample(sample_of(np.full(N, 0.25)), weights)]) == pytest.approx([0.25, 0.25])


def test_who_counts_twice_weighs_twice(weights):
    sums, counts = np.zeros(N), np.ones(N)
    sums[: N // 2], counts[: N // 2] = 2.0, 2.0
    assert resample(Sample(sums, counts), weights).mean() == pytest.approx(2 / 3, abs=0.01)


def test_seeds_that_test_the_same_listeners_say_nothing_more(weights):
    one = resample(sample_of(np.random.default_rng(2).random(N)), weights)
    assert interval([one, one, one]) == interval([one])


def test_seeds_that_test_other_listeners_narrow_the_interval(weights):
    values = np.random.default_rng(3).random(N)
    halves = [
        resample(sample_of(part), w)
        for part, w in zip(np.split(values, 2), np.split(weights, 2, 1), strict=True)
    ]
    widths = [high - low for low, high in (interval(halves[:1]), interval(halves))]
    assert widths[1] == pytest.approx(widths[0] / np.sqrt(2), rel=0.15)


def test_resamples_in_which_nobody_counts_are_left_out():
    weights = resampling_weights(1)
    values = resample(sample_of([0.5]), weights)
    assert np.isnan(values).mean() == pytest.approx(np.exp(-1), abs=0.05)
    assert interval([values]) == [0.5, 0.5]


def test_nothing_is_known_where_nobody_ever_counts(weights):
    assert interval([resample(Sample(np.zeros(N), np.zeros(N)), weights)]) == [0.0, 1.0]


def test_a_seed_gives_the_same_weights_twice(weights):
    np.testing.assert_array_equal(weights, resampling_weights(N))
    assert weights.shape == (N_RESAMPLES, N)
