"""The cohort that cosines are normalised against."""

import numpy as np
import pytest

from matcher.domain.vectors import query_of
from matcher.scoring.cohort import Cohort

DIM = 4


def unit_rows(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, 2 * DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_closeness_is_the_mean_cosine_with_the_ten_nearest():
    cohort, me = Cohort(unit_rows(50)), unit_rows(1, seed=1)[0]
    expected = np.sort(cohort.vectors.astype(float) @ query_of(me).astype(float))[-10:].mean()
    assert cohort.closeness(me) == pytest.approx(expected, abs=1e-6)


def test_a_cohort_of_fewer_than_ten_is_used_whole():
    cohort, me = Cohort(unit_rows(3)), unit_rows(1, seed=1)[0]
    assert cohort.closeness(me) == pytest.approx((cohort.vectors @ query_of(me)).mean(), abs=1e-6)


def test_a_hub_is_closer_than_one_who_lies_apart():
    middle = unit_rows(1)[0]
    around = middle + 0.3 * unit_rows(40, seed=1)
    cohort = Cohort(np.asarray(around / np.linalg.norm(around, axis=1, keepdims=True), np.float32))
    apart = query_of(-middle)
    assert cohort.closeness(query_of(middle)) > cohort.closeness(apart) + 0.5


def test_a_cohort_survives_its_arrays_exactly():
    cohort = Cohort(unit_rows(12), shift=-0.125)
    again = Cohort.from_arrays(cohort.to_arrays())
    np.testing.assert_array_equal(again.vectors, cohort.vectors)
    assert again.shift == -0.125


def test_the_shift_is_added_to_every_closeness():
    me = unit_rows(1, seed=1)[0]
    assert Cohort(unit_rows(12), 0.25).closeness(me) == Cohort(unit_rows(12)).closeness(me) + 0.25


@pytest.mark.parametrize(
    "vectors", [np.zeros((0, 8)), np.zeros(8), np.full((2, 8), np.nan)], ids=["none", "flat", "nan"]
)
def test_a_cohort_that_makes_no_sense_is_refused(vectors):
    with pytest.raises(ValueError, match="cohort"):
        Cohort(vectors.astype(np.float32))
