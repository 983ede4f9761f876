"""Likeness in per cent, its interval, landmarks and bands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.calibration import Band, Calibration, Halves

scores = st.floats(-0.5, 1)
n_items = st.integers(0, 5_000)
quartiles = st.lists(st.floats(0, 100), min_size=3, max_size=3).map(lambda x: Halves(*sorted(x)))


@st.composite
def calibrations(draw):
    sizes = sorted(draw(st.sets(st.integers(1, 2_000), min_size=1, max_size=5)))
    halves = draw(st.lists(quartiles, min_size=len(sizes), max_size=len(sizes)))
    strangers, noise = draw(st.floats(0, 60)), draw(st.floats(0, 300))
    return Calibration(tuple(map(float, sizes)), tuple(halves), strangers, noise)


@given(calibrations(), scores, scores)
def test_a_higher_score_never_means_less(calibration, one, other):
    low, high = sorted((one, other))
    assert calibration.percent(low, 10, 10).value <= calibration.percent(high, 10, 10).value


@given(calibrations(), scores, n_items, n_items)
def test_percent_and_interval_lie_between_0_and_100(calibration, score, mine, theirs):
    found = calibration.percent(score, mine, theirs)
    assert 0.0 <= found.low <= found.value <= found.high <= 100.0


@given(calibrations(), scores, n_items, n_items)
def test_percent_is_the_same_from_both_sides(calibration, score, mine, theirs):
    assert calibration.percent(score, mine, theirs) == calibration.percent(score, theirs, mine)


@given(calibrations(), scores, n_items, st.integers(1, 500), st.integers(1, 500))
def test_the_interval_never_narrows_as_evidence_thins(calibration, score, mine, fewer, more):
    thin = calibration.percent(score, mine, fewer)
    full = calibration.percent(score, mine, fewer + more)
    assert thin.low <= full.low + 1e-9
    assert thin.high >= full.high - 1e-9


def test_a_score_of_strangers_is_0_and_of_oneself_100_percent():
    calibration = Calibration()
    assert calibration.percent(0.0, 10, 10).value == 0.0
    assert calibration.percent(1.0, 10, 10).value == 100.0
    assert calibration.percent(0.31, 10, 10).value == pytest.approx(31.0)


def test_the_interval_reaches_as_far_as_the_noise_says():
    # noise of 10 points at one item each: 80 % lie within 1.2816 of it
    found = Calibration(noise=10).percent(0.5, 1, 1)
    assert found.high - found.value == pytest.approx(12.816)
    assert found.value - found.low == pytest.approx(12.816)


def test_four_times_the_evidence_halves_the_interval():
    calibration = Calibration(noise=10)
    thin, full = (calibration.percent(0.5, n, n) for n in (5, 20))
    assert thin.high - thin.low == pytest.approx(2 * (full.high - full.low))


def test_profiles_without_items_count_as_one_item():
    calibration = Calibration(noise=10)
    assert calibration.percent(0.2, 0, 0) == calibration.percent(0.2, 1, 1)


TWO = Calibration((10.0, 1_000.0), (Halves(10.0, 20.0, 30.0), Halves(50.0, 60.0, 80.0)), strangers=12.0)


def test_landmarks_go_by_size_evenly_on_a_logarithmic_scale_and_are_flat_beyond():
    assert TWO.halves_of(100) == pytest.approx((30.0, 40.0, 55.0))
    assert TWO.halves_of(1) == (10.0, 20.0, 30.0)
    assert TWO.halves_of(5_000) == (50.0, 60.0, 80.0)


def test_the_smaller_library_says_which_landmarks_count():
    assert TWO.percent(0.3, 10, 1_000).halves == TWO.halves_of(10)


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (11.9, Band.SOME),
        (12.0, Band.NEAR),
        (39.9, Band.NEAR),
        (40.0, Band.CLOSE),
        (54.9, Band.CLOSE),
        (55.0, Band.VERY_CLOSE),
    ],
)
def test_bands_begin_at_the_landmarks(percent, band):
    assert TWO.band(percent, Halves(30.0, 40.0, 55.0)) is band


@given(calibrations())
def test_a_calibration_survives_json_exactly(calibration):
    assert Calibration.from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


HALVES = (Halves(1.0, 2.0, 3.0),)


@pytest.mark.parametrize(
    "values",
    [
        ((), ()),
        ((1.0, 2.0), HALVES),
        ((2.0, 1.0), HALVES * 2),
        ((0.0,), HALVES),
        ((1.0,), (Halves(3.0, 2.0, 1.0),)),
        ((1.0,), HALVES, float("nan")),
        ((1.0,), HALVES, 5.0, -1.0),
        ((1.0,), HALVES, 5.0, float("inf")),
    ],
)
def test_landmarks_that_make_no_sense_are_refused(values):
    with pytest.raises(ValueError, match=r"landmarks|quartiles|noise"):
        Calibration(*values)
