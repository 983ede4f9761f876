import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.exposure import bound, count_shown, measure_exposure


def ring(n):
    """Everybody is nearest to the next ones on a circle: all are shown alike."""
    steps = (np.arange(n)[np.newaxis] - np.arange(n)[:, np.newaxis]) % n
    return -steps.astype(float)


def star(n):
    """Everybody is nearest to listener 0."""
    return np.where(np.arange(n) == 0, 1.0, 0.0)[np.newaxis] + 0.5 * ring(n) / n


def test_on_a_ring_everybody_is_shown_as_often():
    found = measure_exposure(ring(50))
    assert (found.max_share, found.never_share, found.skewness) == (pytest.approx(10 / 49), 0.0, 0.0)


def test_a_star_is_shown_to_all_others_and_makes_the_skew():
    found = measure_exposure(star(50), length=1)
    assert found.max_share == 1.0
    assert found.never_share == pytest.approx(48 / 50)
    assert found.skewness > 4


def test_nobody_is_shown_to_themselves():
    scores = np.zeros((20, 20)) + ring(20)
    np.fill_diagonal(scores, 1e9)
    np.testing.assert_array_equal(count_shown(scores), count_shown(ring(20)))


@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 99))
def test_as_many_are_shown_as_there_are_places(n, length, seed):
    scores = np.random.default_rng(seed).random((n, n))
    assert count_shown(scores, length).sum() == n * min(length, max(n - 1, 0))


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_else_means_no_exposure(n):
    found = measure_exposure(np.zeros((n, n)))
    assert (found.max_share, found.never_share, found.skewness) == (0.0, 0.0, 0.0)


def test_the_scores_are_left_as_they_are():
    scores = ring(20)
    before = scores.copy()
    measure_exposure(scores)
    np.testing.assert_array_equal(scores, before)


@pytest.mark.parametrize(
    ("n_others", "expected"), [(100_000, 0.05), (1_000, 0.05), (500, 0.1), (100, 0.5), (10, 1.0), (0, 1.0)]
)
def test_the_bound_widens_where_there_are_few(n_others, expected):
    assert bound(n_others) == pytest.approx(expected)


@given(st.integers(1, 100_000))
def test_the_bound_can_be_kept(n_others):
    assert bound(n_others) >= min(10 / n_others, 1.0)
