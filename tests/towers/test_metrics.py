"""Ranking metrics, worked by hand."""

import numpy as np
import pytest

from towers.metrics import (
    area_under_curve,
    mean_reciprocal_rank,
    recall_at,
    symmetric_scores,
    true_ranks,
)


def test_the_true_candidate_is_ranked_among_all():
    scores = np.asarray([[0.9, 0.1, 0.5], [0.9, 0.1, 0.5], [0.9, 0.1, 0.5]])
    assert true_ranks(scores).tolist() == [1, 3, 2]


def test_a_tie_is_not_a_hit():
    assert true_ranks(np.zeros((2, 5))).tolist() == [5, 5]


def test_a_score_that_is_no_number_never_helps():
    assert true_ranks(np.asarray([[np.nan, 0.0]])).tolist() == [2]


def test_the_truth_may_stand_in_any_column():
    assert true_ranks(np.asarray([[0.9, 0.1, 0.5]]), np.asarray([2])).tolist() == [2]


def test_a_query_without_its_truth_is_refused():
    with pytest.raises(ValueError, match="true candidate"):
        true_ranks(np.zeros((3, 2)))


def test_recall_and_reciprocal_rank():
    ranks = np.asarray([1, 2, 4])
    assert recall_at(ranks, 2) == pytest.approx(2 / 3)
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 2 + 1 / 4) / 3)


def test_without_queries_nothing_is_found():
    empty = np.asarray([], np.int64)
    assert recall_at(empty, 10) == mean_reciprocal_rank(empty) == 0.0


def test_area_under_curve_counts_pairs_strictly():
    # pairs (positive, negative): 3>1, 3>2, 2>1, and 2 against 2 is a tie
    assert area_under_curve(np.asarray([3.0, 2.0]), np.asarray([1.0, 2.0])) == pytest.approx(3 / 4)


def test_area_under_curve_without_either_side_is_a_coin():
    assert area_under_curve(np.asarray([]), np.asarray([1.0])) == 0.5


def test_scores_are_the_same_from_both_sides():
    rng = np.random.default_rng(0)
    user, candidate = rng.normal(size=(2, 6, 4)).astype(np.float32)
    scores = symmetric_scores((user, user), (candidate, candidate))
    np.testing.assert_allclose(scores, scores.T, atol=1e-6)
    assert scores[0, 1] == pytest.approx(0.5 * (user[0] @ candidate[1] + user[1] @ candidate[0]), abs=1e-6)
