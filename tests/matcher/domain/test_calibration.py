import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.calibration import Calibration

scores = st.floats(-1, 1)
n_items = st.integers(0, 5_000)


@st.composite
def calibrations(draw):
    n = draw(st.integers(1, 8))
    knots = sorted(draw(st.lists(st.integers(-1_000, 1_000), min_size=n, max_size=n, unique=True)))
    chances = sorted(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    return Calibration(tuple(k / 1_000 for k in knots), tuple(chances), draw(st.floats(0, 3)))


@given(calibrations(), scores, scores)
def test_a_higher_score_never_means_less(calibration, one, other):
    low, high = sorted((one, other))
    assert calibration.percent(low, 10, 10).value <= calibration.percent(high, 10, 10).value + 1e-9


@given(calibrations(), scores, n_items, n_items)
def test_percent_and_interval_lie_between_0_and_100(calibration, score, mine, theirs):
    found = calibration.percent(score, mine, theirs)
    assert 0.0 <= found.low <= 100.0
    assert 0.0 <= found.value <= 100.0
    assert 0.0 <= found.high <= 100.0


@given(calibrations(), scores, n_items, n_items)
def test_the_interval_contains_the_value(calibration, score, mine, theirs):
    found = calibration.percent(score, mine, theirs)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9


@given(calibrations(), scores, n_items, n_items)
def test_percent_is_the_same_from_both_sides(calibration, score, mine, theirs):
    assert calibration.percent(score, mine, theirs) == calibration.percent(score, theirs, mine)


@given(calibrations(), scores, n_items, st.integers(1, 500), st.integers(1, 500))
def test_the_interval_never_narrows_as_evidence_thins(calibration, score, mine, fewer, more):
    thin = calibration.percent(score, mine, fewer)
    full = calibration.percent(score, mine, fewer + more)
    assert thin.low <= full.low + 1e-9
    assert thin.high >= full.high - 1e-9


def test_the_interval_widens_as_evidence_thins():
    calibration = Calibration((-1.0, 1.0), (0.0, 1.0), noise=0.5)
    widths = [one.high - one.low for one in (calibration.percent(0.0, n, n) for n in (1, 10, 100))]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[1] > widths[2] > 0


def test_the_interval_reaches_as_far_as_the_noise_says():
    # on a straight line 1 of score is 50 percent; noise 0.1 at one item each, 80 % lie within 1.2816 of it
    found = Calibration((-1.0, 1.0), (0.0, 1.0), noise=0.1).percent(0.0, 1, 1)
    assert found.high - found.value == pytest.approx(50 * 0.1 * 1.2816)
    assert found.value - found.low == pytest.approx(50 * 0.1 * 1.2816)


def test_four_times_the_evidence_halves_the_interval():
    calibration = Calibration((-1.0, 1.0), (0.0, 1.0), noise=0.1)
    thin, full = (calibration.percent(0.0, n, n) for n in (5, 20))
    assert thin.high - thin.low == pytest.approx(2 * (full.high - full.low))


def test_profiles_without_items_count_as_one_item():
    calibration = Calibration((-1.0, 1.0), (0.0, 1.0), noise=0.1)
    assert calibration.percent(0.2, 0, 0) == calibration.percent(0.2, 1, 1)


def test_between_knots_it_is_a_straight_line_and_beyond_them_flat():
    calibration = Calibration((0.0, 0.5), (0.2, 0.8))
    np.testing.assert_allclose(calibration.chance([-1.0, 0.0, 0.25, 0.5, 1.0]), [0.2, 0.2, 0.5, 0.8, 0.8])


@given(calibrations())
def test_a_calibration_survives_json_exactly(calibration):
    assert Calibration.from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


@pytest.mark.parametrize(
    ("knots", "chances"),
    [
        ((), ()),
        ((0.0, 1.0), (0.5,)),
        ((1.0, 0.0), (0.1, 0.9)),
        ((0.0, 0.0), (0.1, 0.9)),
        ((0.0, 1.0), (0.9, 0.1)),
    ],
)
def test_knots_that_are_missing_or_out_of_order_are_refused(knots, chances):
    with pytest.raises(ValueError, match=r"knots|chances"):
        Calibration(knots, chances)


@pytest.mark.parametrize(
    ("chances", "noise"),
    [((0.0, 5.0), 0.0), ((-1.0, 0.5), 0.0), ((0.1, 0.9), -1.0), ((0.1, 0.9), float("nan"))],
)
def test_chances_that_are_no_probability_and_noise_below_zero_are_refused(chances, noise):
    with pytest.raises(ValueError, match=r"chances|noise"):
        Calibration((-1.0, 1.0), chances, noise)
