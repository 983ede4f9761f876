"""The ranker; and profiles that share a lot, for the tests beside this one."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.scoring.audio_similarity import AudioScale, measure_scale
from matcher.scoring.components import COMPONENTS, HUBNESS, components
from matcher.scoring.cosine import cosine_kernel
from matcher.scoring.hubness import FIGURES, HubnessModel, bag_figures
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker, squash

ARTISTS = "abcdef"
TAGS = {"artist a": {"folk": 2.0, "doom": 1.0}, "artist b": {"folk": 1.0}, "artist c": {"techno": 1.0}}
ATTRIBUTES = {
    f"artist {name}|song {song}": AudioAttributes({"energy": number / 7, "tempo": 60.0 + 20 * number})
    for number, name in enumerate("abcd")
    for song in (1, 2)
}
FREQUENCIES = ItemFrequencies(
    50, {"artists": {"artist a": 30, "artist b": 4}, "tracks": {"artist a|song 1": 9}, "tags": {"folk": 20}}
)
DIM = 4


def profile_of(*rows, listener_id="x"):
    """A profile of (artist, song, plays); song 0 is the artist alone."""
    hearings = tuple(
        Hearing(Part.PLAYS, f"Artist {artist}", track_name=f"Song {song}" if song else "", plays=plays)
        for artist, song, plays in rows
    )
    return build_profile(Listening(listener_id, Source.TABLE, hearings, TAGS), ATTRIBUTES)


def stored_of(seed):
    """A stored vector as towers would give: both halves of the same length, together of unit length."""
    rows = np.random.default_rng(seed).normal(size=(2, 1, DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    return TowerVectors(rows[0], rows[1]).stored[0]


SCALE = measure_scale([profile_of((artist, 1, 1.0)).audio for artist in "abcd"])
N_FIGURES = len(FIGURES)
HUBNESS_MODEL = HubnessModel(
    centroids=np.eye(2 * DIM)[:3],
    reach=0.2,
    low=np.zeros(N_FIGURES),
    high=np.full(N_FIGURES, 9.0),
    slopes=np.full(N_FIGURES, 0.1),
    base=-0.2,
)
RANKER = Ranker(
    {"towers": 1.0, "artists": 0.1, "tracks": 0.2, "tags": 0.05, "audio": 0.3, HUBNESS: 0.5},
    FREQUENCIES,
    SCALE,
    reach=0.2,
    hubness=HUBNESS_MODEL,
)

heard = st.lists(
    st.tuples(st.sampled_from(ARTISTS), st.integers(0, 3), st.floats(0.1, 1e3)), max_size=10
).map(lambda rows: profile_of(*rows))
rankers = st.builds(
    lambda weights, reach: Ranker(weights, FREQUENCIES, SCALE, reach),
    st.dictionaries(st.sampled_from(COMPONENTS), st.floats(0, 10)),
    st.floats(0.01, 2),
)
weighed = st.builds(lambda one, seed: RANKER.weigh(one, stored_of(seed)), heard, st.integers(0, 999))


@given(rankers, weighed, weighed)
def test_the_parts_sum_to_the_score(ranker, one, other):
    assert math.fsum(ranker.parts(one, other).values()) == pytest.approx(ranker.score(one, other), abs=1e-9)


@given(rankers, weighed, weighed)
def test_the_score_is_the_same_from_both_sides(ranker, one, other):
    assert ranker.score(one, other) == pytest.approx(ranker.score(other, one), abs=1e-9)


@given(rankers, weighed, weighed)
def test_every_part_is_the_same_from_both_sides(ranker, one, other):
    assert ranker.parts(one, other) == pytest.approx(ranker.parts(other, one), abs=1e-9)


@given(rankers, weighed, weighed)
def test_no_part_but_the_crowd_is_below_zero_nor_that_above(ranker, one, other):
    parts = ranker.parts(one, other)
    assert all(part >= 0 for name, part in parts.items() if name != HUBNESS)
    assert parts[HUBNESS] <= 0


@given(rankers, weighed, weighed)
def test_the_score_stays_within_one(ranker, one, other):
    assert -1.0 < ranker.score(one, other) < 1.0


@given(rankers, weighed, weighed)
def test_scores_of_many_are_the_scores_of_each_pair(ranker, one, other):
    values = np.array(
        [[components(a, b)[name] for name in COMPONENTS] for a in (one, other) for b in (one, other)]
    )
    expected = [ranker.score(a, b) for a in (one, other) for b in (one, other)]
    np.testing.assert_allclose(ranker.scores(values), expected, atol=1e-9)


@pytest.mark.parametrize("name", COMPONENTS)
@given(ranker=rankers, low=st.floats(-1, 1), rise=st.floats(0.01, 1), seed=st.integers(0, 99))
def test_the_score_never_falls_as_a_component_rises(name, ranker, low, rise, seed):
    values = np.random.default_rng(seed).random(len(COMPONENTS))
    values[COMPONENTS.index(name)] = low
    higher = values.copy()
    higher[COMPONENTS.index(name)] = low + rise
    assert ranker.scores(higher) >= ranker.scores(values) - 1e-12


@pytest.mark.parametrize("name", [name for name in RANKER.weights if name != HUBNESS])
def test_a_component_that_is_weighed_raises_the_score(name):
    values = np.full(len(COMPONENTS), 0.5)
    higher = values.copy()
    higher[COMPONENTS.index(name)] = 0.6
    assert RANKER.scores(higher) > RANKER.scores(values)


@given(weighed, weighed)
def test_a_component_without_a_weight_counts_nothing(one, other):
    ranker = Ranker({"artists": 1.0}, FREQUENCIES, SCALE)
    parts = ranker.parts(one, other)
    assert {name for name, part in parts.items() if part} <= {"artists"}


@given(rankers, weighed, weighed, weighed)
def test_pairs_are_ordered_as_their_raw_sums_are(ranker, me, one, other):
    def raw(them):
        values = components(me, them)
        values["towers"] = float(cosine_kernel(values["towers"], ranker.reach))
        return math.fsum(ranker.weights.get(name, 0.0) * value for name, value in values.items())

    assume(raw(one) > raw(other) + 1e-6)
    assume(raw(one) < 1e3)  # beyond it the scores are one to rounding
    assert ranker.score(me, one) > ranker.score(me, other)


@given(weighed)
def test_towers_of_the_same_halves_are_as_near_as_can_be(one):
    same = np.tile(one.stored[:DIM], 2)
    twin = RANKER.weigh(profile_of(), same)
    assert components(twin, twin)["towers"] == pytest.approx(1.0, abs=1e-5)


def test_the_towers_count_e_times_less_a_reach_farther_away():
    assert cosine_kernel(1.0, 0.1) == 1.0
    assert cosine_kernel(0.9, 0.1) == pytest.approx(math.exp(-1))


@given(st.floats(-1e6, 1e6))
def test_squashing_is_odd_and_stays_within_one(raw):
    assert squash(-raw) == -squash(raw)
    assert -1.0 <= squash(raw) <= 1.0


def test_the_evidence_is_artists_and_tracks_together():
    found = RANKER.weigh(profile_of(("a", 1, 1.0), ("a", 2, 1.0), ("b", 0, 1.0)), stored_of(0))
    assert found.n_items == 4


@pytest.mark.parametrize(
    ("name", "weight"),
    [("towers", -0.1), ("audio", math.nan), ("tracks", math.inf), ("height", 1.0), ("", 0.0)],
)
def test_a_weight_that_makes_no_sense_is_refused(name, weight):
    with pytest.raises(ValueError, match="cannot weigh"):
        Ranker({name: weight}, FREQUENCIES, SCALE)


@pytest.mark.parametrize("reach", [0.0, -1.0, math.nan, math.inf])
def test_a_reach_that_makes_no_sense_is_refused(reach):
    with pytest.raises(ValueError, match="reach"):
        Ranker({}, FREQUENCIES, SCALE, reach)


@given(rankers, heard, heard)
def test_a_ranker_survives_json_exactly(ranker, mine, theirs):
    again = Ranker.from_json(json.loads(json.dumps(ranker.to_json())))
    pairs = [(one.weigh(mine, stored_of(1)), one.weigh(theirs, stored_of(2))) for one in (ranker, again)]
    assert again.parts(*pairs[1]) == ranker.parts(*pairs[0])


@pytest.mark.parametrize("absent", ["weights", "frequencies", "audio", "reach"])
def test_a_ranker_that_lacks_something_is_refused(absent):
    value = {name: part for name, part in RANKER.to_json().items() if name != absent}
    with pytest.raises(KeyError):
        Ranker.from_json(value)


def test_a_scale_of_another_length_is_refused():
    with pytest.raises(ValueError, match="scale"):
        AudioScale.from_json({"centre": [0.0], "spread": [1.0, 1.0]})


def crowded(hubness, seed=0):
    return replace(RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(seed)), hubness=hubness)


def test_whoever_is_crowded_comes_after_an_equal_who_is_not():
    me, there = crowded(0.3, seed=1), crowded(0.0)
    assert RANKER.score(me, crowded(0.4)) < RANKER.score(me, there)


def test_half_the_crowding_of_each_side_is_taken_off():
    assert components(crowded(0.3), crowded(0.5))[HUBNESS] == pytest.approx(-0.4)


def test_the_crowding_of_the_one_who_asks_changes_nobodys_place():
    others = [RANKER.weigh(profile_of((name, 1, 1.0)), stored_of(n)) for n, name in enumerate("abcdef")]

    def order(me):
        return sorted(range(6), key=lambda place: -RANKER.score(me, others[place]))

    assert order(crowded(0.0, seed=9)) == order(crowded(0.7, seed=9))


def test_a_profile_is_weighed_with_its_crowding():
    found = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(0))
    assert found.hubness == pytest.approx(
        float(HUBNESS_MODEL.of(found.stored[np.newaxis], bag_figures(found.bags, FREQUENCIES)[np.newaxis])[0])
    )
    assert found.hubness > 0


def test_without_a_crowding_nobody_is_crowded():
    found = replace(RANKER, hubness=None).weigh(profile_of(("a", 1, 1.0)), stored_of(0))
    assert found.hubness == 0.0
