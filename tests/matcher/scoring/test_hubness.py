"""Hubness as a pure function of a profile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.hubness import FIGURES, HubnessModel, bag_figures, place_among, stack
from matcher.scoring.overlap import KINDS, ItemFrequencies, overlap, weigh_profile
from tests.matcher.scoring.test_ranker import (
    DIM,
    FREQUENCIES,
    HUBNESS_MODEL,
    N_FIGURES,
    heard,
    profile_of,
    stored_of,
)


def figures_of(profile):
    return bag_figures(weigh_profile(profile, FREQUENCIES), FREQUENCIES)


def hubness(**changes):
    given_ = {
        "centroids": np.eye(2 * DIM)[:3],
        "reach": 0.2,
        "low": np.zeros(N_FIGURES),
        "high": np.ones(N_FIGURES),
        "slopes": np.ones(N_FIGURES),
        "base": -1.0,
    }
    return HubnessModel(**{**given_, **changes})


@given(st.lists(st.tuples(heard, st.integers(0, 999)), min_size=1, max_size=5))
def test_alone_or_among_many_a_listener_is_as_crowded(rows):
    stored, bags = np.array([stored_of(n) for _, n in rows]), stack([figures_of(one) for one, _ in rows])
    together = HUBNESS_MODEL.of(stored, bags)
    alone = [HUBNESS_MODEL.of(stored[[n]], bags[[n]])[0] for n in range(len(rows))]
    np.testing.assert_allclose(together, alone, atol=1e-12)


@given(st.lists(st.floats(-1e9, 1e9), min_size=N_FIGURES, max_size=N_FIGURES))
def test_crowding_is_never_below_zero_nor_above_its_ceiling(row):
    found = hubness().predict(np.array([row]))[0]
    assert 0.0 <= found <= N_FIGURES - 1


@pytest.mark.parametrize("place", range(N_FIGURES), ids=FIGURES)
def test_crowding_rises_with_every_figure_that_has_a_slope(place):
    low, high = np.full((2, N_FIGURES), 0.5)
    high[place] = 0.9
    one, other = hubness().predict(np.array([low, high]))
    assert other == pytest.approx(one + 0.4)


def test_whoever_lies_alone_is_not_lifted_but_left_at_zero():
    assert hubness().predict(np.full((1, N_FIGURES), -5.0)).tolist() == [0.0]


def test_beyond_what_training_saw_crowding_rises_no_further():
    inside, outside = hubness().predict(np.array([np.ones(N_FIGURES), np.full(N_FIGURES, 1e6)]))
    assert inside == outside


def test_no_listeners_have_no_crowding():
    assert HUBNESS_MODEL.of(np.zeros((0, 2 * DIM), np.float32), stack([])).shape == (0,)


def test_a_bigger_bag_is_a_bigger_figure():
    small, big = (figures_of(profile_of(*((name, 1, 1.0) for name in names))) for names in ("ab", "abcdef"))
    place = FIGURES.index("tracks size")
    assert big[place] > small[place]


def test_what_nobody_has_is_not_common():
    assert figures_of(profile_of(("f", 0, 1.0)))[FIGURES.index("artists common")] == 0.0


def test_an_empty_profile_has_figures_of_zero():
    assert figures_of(profile_of()).tolist() == [0.0] * 2 * len(KINDS)


def test_before_any_listener_was_counted_nothing_is_common():
    bags = weigh_profile(profile_of(("a", 1, 1.0)), ItemFrequencies(0, {}))
    assert bag_figures(bags, ItemFrequencies(0, {}))[3:].tolist() == [0.0] * 3


def test_the_common_figure_goes_with_the_mean_overlap_with_those_who_were_counted():
    # one item each, every play the same: then it is the mean overlap times the others' norm to the power 0.8
    crowd = [profile_of(("a", 0, 1.0)) for _ in range(30)]
    mine = weigh_profile(profile_of(("a", 0, 1.0)), FREQUENCIES)["artists"]
    theirs = [weigh_profile(one, FREQUENCIES)["artists"] for one in crowd]
    mean = sum(overlap(mine, one) for one in theirs) / FREQUENCIES.n_listeners
    found = figures_of(profile_of(("a", 0, 1.0)))[FIGURES.index("artists common")]
    assert found == pytest.approx(mean * theirs[0].norm ** 0.4)


def test_a_vector_on_a_centroid_is_nearest():
    # the query of a centroid's mirror image is the centroid itself
    centroids = np.eye(2 * DIM)[:3]
    on = np.roll(centroids[:1], DIM, axis=1).astype(np.float32)
    off = -on
    near = place_among(centroids, 0.2, np.vstack([on, off]))
    assert near[0, 1] == pytest.approx(1 / 3)
    assert near[0, 0] > near[1, 0]
    assert near[0, 1] > near[1, 1]


def test_a_crowding_survives_arrays_exactly():
    again = HubnessModel.from_arrays(HUBNESS_MODEL.to_arrays())
    stored, bags = stored_of(3)[np.newaxis], stack([figures_of(profile_of(("a", 1, 2.0)))])
    assert again.of(stored, bags).tolist() == HUBNESS_MODEL.of(stored, bags).tolist()
    assert again.to_arrays().keys() == HUBNESS_MODEL.to_arrays().keys()


@pytest.mark.parametrize("absent", HUBNESS_MODEL.to_arrays())
def test_a_crowding_that_lacks_something_is_refused(absent):
    arrays = {name: one for name, one in HUBNESS_MODEL.to_arrays().items() if name != absent}
    with pytest.raises(KeyError):
        HubnessModel.from_arrays(arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"slopes": np.ones(2)},
        {"slopes": np.full(N_FIGURES, -0.1)},
        {"low": np.full(N_FIGURES, 2.0)},
        {"base": np.nan},
        {"reach": 0.0},
        {"centroids": np.zeros((0, 4))},
        {"centroids": np.full((2, 4), np.inf)},
    ],
    ids=["length", "slope", "range", "base", "reach", "no centroid", "no number"],
)
def test_a_crowding_that_makes_no_sense_is_refused(changes):
    with pytest.raises(ValueError, match="hubness"):
        hubness(**changes)
