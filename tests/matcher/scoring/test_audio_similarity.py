import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.domain.audio import (
    QUANTILES,
    SUMMARISED,
    AttributeSummary,
    AudioAttributes,
    AudioSummary,
    summarise_audio,
)
from matcher.scoring.audio_similarity import (
    FIGURES,
    AudioScale,
    Trait,
    audio_similarity,
    figures,
    measure_scale,
    traits,
)
from tests.matcher.strategies import attributes

N = len(SUMMARISED) * FIGURES
PLAIN = AudioScale(np.zeros(N), np.ones(N))

standardised = arrays(np.float64, N, elements=st.one_of(st.floats(-4, 4), st.just(np.nan)))
summaries = st.lists(st.tuples(st.one_of(st.none(), attributes()), st.floats(0.1, 10)), max_size=4).map(
    summarise_audio
)


def alike(one, other):
    return float(audio_similarity(one, other[np.newaxis])[0])


@given(standardised, standardised)
def test_likeness_lies_between_zero_and_one(one, other):
    assert 0.0 <= alike(one, other) <= 1.0


@given(standardised, standardised)
def test_likeness_is_the_same_from_both_sides(one, other):
    assert alike(one, other) == alike(other, one)


@given(arrays(np.float64, N, elements=st.floats(-4, 4)))
def test_a_library_of_which_all_is_known_is_wholly_like_itself(one):
    assert alike(one, one) == 1.0


@given(standardised)
def test_where_nothing_is_known_likeness_is_zero(other):
    assert alike(np.full(N, np.nan), other) == 0.0


@given(standardised)
def test_likeness_to_itself_is_the_share_that_is_known(one):
    assert alike(one, one) == pytest.approx(np.isfinite(one).mean())


def test_likeness_is_worked_out_over_what_both_know():
    # half of the figures known to both, each one apart: d² = 1, so exp(-½) times one half
    one, other = np.zeros(N), np.ones(N)
    one[: N // 2] = np.nan
    assert alike(one, other) == pytest.approx(math.exp(-0.5) * 0.5)


def test_what_only_one_knows_makes_no_difference():
    one, other = np.zeros(N), np.ones(N)
    one[:3] = np.nan
    changed = other.copy()
    changed[:3] = -4.0
    assert alike(one, other) == alike(one, changed)


@given(standardised, st.lists(standardised, min_size=1, max_size=4))
def test_many_at_once_are_as_each_alone(one, others):
    found = audio_similarity(one, np.array(others))
    np.testing.assert_allclose(found, [alike(one, other) for other in others], rtol=1e-12)


def test_the_farther_away_the_less_alike():
    found = audio_similarity(np.zeros(N), np.array([np.full(N, gap) for gap in (0.0, 0.5, 1.0, 2.0)]))
    assert list(found) == sorted(found, reverse=True)
    assert len(set(found)) == 4


def test_figures_are_mean_spread_and_quantiles_in_the_order_of_attributes():
    quantiles = tuple(float(q) for q in QUANTILES)
    summary = AudioSummary({SUMMARISED[1]: AttributeSummary(0.5, 0.2, quantiles, 1.0)}, 1.0)
    found = figures(summary).reshape(len(SUMMARISED), FIGURES)
    np.testing.assert_array_equal(found[1], [0.5, 0.2, *quantiles])
    assert np.isnan(np.delete(found, 1, axis=0)).all()


def test_without_a_summary_no_figure_is_known():
    assert np.isnan(figures(None)).all()


@given(st.lists(summaries, max_size=5))
def test_a_scale_is_finite_and_its_spread_above_zero(some):
    scale = measure_scale(some)
    assert np.isfinite(scale.centre).all()
    assert (scale.spread > 0).all()


def test_a_scale_of_nobody_changes_nothing():
    scale = measure_scale([None, None])
    assert (scale.centre == 0).all()
    assert (scale.spread == 1).all()


def test_what_was_measured_is_standardised_to_mean_zero_and_spread_one():
    some = [summarise_audio([(AudioAttributes({"energy": e}), 1.0)]) for e in (0.1, 0.4, 0.7)]
    scale = measure_scale([*some, None])
    rows = np.array([scale.standardise(one) for one in some])
    place = SUMMARISED.index("energy") * FIGURES
    assert rows[:, place].mean() == pytest.approx(0.0, abs=1e-12)
    assert rows[:, place].std() == pytest.approx(1.0)


@given(summaries)
def test_what_is_far_out_is_clipped_and_what_is_unknown_stays_unknown(summary):
    scale = AudioScale(np.zeros(N), np.full(N, 1e-3))
    found = scale.standardise(summary)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(figures(summary)))
    assert (np.abs(found[~np.isnan(found)]) <= 4.0).all()


@given(st.lists(summaries, max_size=4), summaries)
def test_a_scale_survives_json_exactly(some, summary):
    scale = measure_scale(some)
    again = AudioScale.from_json(json.loads(json.dumps(scale.to_json())))
    np.testing.assert_array_equal(again.standardise(summary), scale.standardise(summary))


# ---- traits ------------------------------------------------------------------------------------------


def marked(**means):
    """Figures of a listener who lies this many standard deviations from the average in each attribute."""
    found = np.full((len(SUMMARISED), FIGURES), np.nan)
    for name, mean in means.items():
        found[SUMMARISED.index(name)] = mean
    return found.ravel()


def test_a_listeners_traits_come_the_most_marked_first():
    slow = marked(energy=0.5, tempo=-1.2, valence=0.1, loudness=-0.39)
    assert traits(slow) == (Trait("tempo", False), Trait("energy", True))


def test_two_share_what_both_have_on_one_side_of_the_average():
    one, other = marked(energy=0.9, tempo=-1.2, valence=0.6), marked(energy=0.5, tempo=-0.6, valence=-0.6)
    assert traits(one, other) == (Trait("tempo", False), Trait("energy", True))


def test_what_is_marked_in_both_but_far_apart_is_not_shared():
    assert traits(marked(energy=0.5), marked(energy=1.4)) == (Trait("energy", True),)
    assert traits(marked(energy=0.5), marked(energy=1.6)) == ()


def test_what_is_unknown_of_one_is_no_trait():
    assert traits(marked(energy=1.0), marked(tempo=1.0)) == ()
    assert traits(marked()) == ()


@given(standardised, standardised)
def test_shared_traits_are_traits_of_each_and_the_same_from_both_sides(one, other):
    shared = set(traits(one, other))
    assert shared == set(traits(other, one))
    assert shared <= set(traits(one)) & set(traits(other))
