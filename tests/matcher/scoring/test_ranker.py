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
from matcher.domain.vectors import TowerVectors, to_half
from matcher.scoring.audio_similarity import AudioScale, measure_scale
from matcher.scoring.cohort import Cohort
from matcher.scoring.components import COMPONENTS, components, known_kinds, pair_chance
from matcher.scoring.cosine import softplus
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker

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
COHORT = Cohort(np.eye(2 * DIM, dtype=np.float32)[:3])
CHANCE = {"towers": 0.05, "artists": 0.1, "tracks": 0.05, "tags": 0.2, "audio": 0.4}
RANKER = Ranker(
    {"towers": 1.0, "artists": 0.1, "tracks": 0.2, "tags": 0.05, "audio": 0.3},
    FREQUENCIES,
    SCALE,
    softness=0.2,
    cohort=COHORT,
    chance=CHANCE,
)

heard = st.lists(
    st.tuples(st.sampled_from(ARTISTS), st.integers(0, 3), st.floats(0.1, 1e3)), max_size=10
).map(lambda rows: profile_of(*rows))
rankers = st.builds(
    lambda weights, softness: Ranker(weights, FREQUENCIES, SCALE, softness, COHORT, CHANCE),
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


@given(rankers, weighed)
def test_ones_own_library_once_more_has_a_likeness_of_one(ranker, one):
    mine = ranker.with_own(one)
    chance = pair_chance(one.chance, one.chance, known_kinds(one))
    assume(
        mine.own > sum(ranker.weights.get(n, 0.0) * c for n, c in zip(COMPONENTS, chance, strict=True)) + 1e-3
    )
    assert ranker.score(mine, mine) == pytest.approx(1.0, abs=1e-9)


def test_two_who_have_as_much_as_strangers_have_a_likeness_of_zero():
    chance = np.array(list(CHANCE.values()))
    values = np.expm1(chance) / 0.5  # the logarithm undone
    values[0] = RANKER.softness * np.log(np.expm1(CHANCE["towers"] / RANKER.softness))  # softplus undone
    values[-1] = CHANCE["audio"]
    assert RANKER.scores(values, chance, 3.0) == pytest.approx(0.0, abs=1e-12)


def test_who_has_common_items_has_more_in_common_with_strangers():
    common, unheard = (RANKER.weigh(profile_of((name, 0, 1.0)), stored_of(1)) for name in "af")
    at = COMPONENTS.index("artists")
    assert common.chance[at] > unheard.chance[at] == 0
    # 30 of 50 have artist a: weight is the idf of 0.514, and the norm, too
    idf = math.log(1 + 20.5 / 30.5)
    assert common.chance[at] == pytest.approx(CHANCE["artists"] * idf * 30 / 50 * idf / idf**0.55)


def test_what_one_of_two_has_no_data_for_is_no_part():
    silent, sounding = (RANKER.weigh(profile_of(row), stored_of(1)) for row in (("a", 0, 1.0), ("a", 1, 1.0)))
    assert np.isnan(silent.audio).all()
    assert RANKER.parts(silent, sounding)["audio"] == 0.0
    assert RANKER.parts(silent, sounding)["tracks"] == 0.0


@given(rankers, weighed, weighed)
def test_scores_of_many_are_the_scores_of_each_pair(ranker, one, other):
    pairs = [(a, b) for a in (one, other) for b in (one, other)]
    values = np.array([[components(a, b)[name] for name in COMPONENTS] for a, b in pairs])
    chance = np.array([pair_chance(a.chance, b.chance, known_kinds(a) * known_kinds(b)) for a, b in pairs])
    own = np.array([0.5 * (a.own + b.own) for a, b in pairs])
    expected = [ranker.score(a, b) for a, b in pairs]
    np.testing.assert_allclose(ranker.scores(values, chance, own), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", COMPONENTS)
@given(ranker=rankers, low=st.floats(-1, 1), rise=st.floats(0.01, 1), seed=st.integers(0, 99))
def test_the_score_never_falls_as_a_component_rises(name, ranker, low, rise, seed):
    values = np.random.default_rng(seed).random(len(COMPONENTS))
    values[COMPONENTS.index(name)] = low
    higher = values.copy()
    higher[COMPONENTS.index(name)] = low + rise
    chance, own = np.full(len(COMPONENTS), 0.1), 50.0
    assert ranker.scores(higher, chance, own) >= ranker.scores(values, chance, own) - 1e-12


@pytest.mark.parametrize("name", list(RANKER.weights))
def test_a_component_that_is_weighed_raises_the_score(name):
    values = np.full(len(COMPONENTS), 0.5)
    higher = values.copy()
    higher[COMPONENTS.index(name)] = 0.6
    chance = np.full(len(COMPONENTS), 0.1)
    assert RANKER.scores(higher, chance, 3.0) > RANKER.scores(values, chance, 3.0)


@given(weighed, weighed)
def test_a_component_without_a_weight_counts_nothing(one, other):
    ranker = Ranker({"artists": 1.0}, FREQUENCIES, SCALE)
    parts = ranker.parts(one, other)
    assert {name for name, part in parts.items() if part} <= {"artists"}


def test_the_likeness_worked_by_hand():
    # one artist, known to 4 of 50: idf = ln(1 + 46.5 / 4.5) = 2.428; no cohort, equal vectors
    ranker = Ranker({"towers": 1.0, "artists": 0.5}, FREQUENCIES, SCALE, 0.1, chance={"artists": 0.2})
    same = np.array([0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0], np.float32)  # exact in half precision; cosine 1
    mine = ranker.weigh(profile_of(("b", 0, 1.0)), same)
    theirs = ranker.weigh(profile_of(("b", 0, 1.0), ("a", 0, 1.0)), same)
    b, a = math.log(1 + 46.5 / 4.5), math.log(1 + 20.5 / 30.5)
    towers = 0.1 * math.log1p(math.exp(10.0))
    norm = math.hypot(a, b)
    raw = towers + 0.5 * math.log1p(0.5 * b * b / (b * norm) ** 0.55)
    own = 0.5 * (2 * towers + 0.5 * math.log1p(0.5 * b**0.9) + 0.5 * math.log1p(0.5 * norm**0.9))
    mine_expected, theirs_expected = b * b * 4 / 50 / b**0.55, (b * b * 4 + a * a * 30) / 50 / norm**0.55
    chance = 0.5 * 0.2 * 0.5 * (mine_expected + theirs_expected)
    expected = (raw - chance) / (own - chance)
    assert ranker.score(mine, theirs) == pytest.approx(expected, rel=1e-6)


@given(weighed)
def test_towers_of_the_same_halves_are_as_near_as_can_be(one):
    same = np.tile(one.stored[:DIM], 2)
    twin = replace(RANKER, cohort=None).weigh(profile_of(), same)
    stored = to_half(same).astype(float)
    assert components(twin, twin)["towers"] == pytest.approx(stored @ stored, abs=1e-9)


def test_far_above_zero_the_softplus_is_the_closeness_and_far_below_it_is_nothing():
    assert softplus(0.5, 0.05) == pytest.approx(0.5, abs=1e-5)
    assert softplus(0.0, 0.05) == pytest.approx(0.05 * math.log(2))
    assert softplus(-0.5, 0.05) == pytest.approx(0.0, abs=1e-5)


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


def test_a_chance_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="cannot weigh"):
        Ranker({}, FREQUENCIES, SCALE, chance={"tracks": -0.1})


@pytest.mark.parametrize("power", [-0.1, 1.1, math.nan])
def test_a_power_of_plays_that_makes_no_sense_is_refused(power):
    with pytest.raises(ValueError, match="power of plays"):
        Ranker({}, FREQUENCIES, SCALE, plays_power=power)


def test_with_a_power_of_0_plays_count_nothing():
    ranker = replace(RANKER, plays_power=0.0)
    few, many = (profile_of(("a", 1, plays), ("b", 1, 1.0)) for plays in (1.0, 50.0))
    bags = [ranker.weigh(one, stored_of(1)).bags["artists"] for one in (few, many)]
    assert dict(bags[0].weights) == dict(bags[1].weights)


@pytest.mark.parametrize("softness", [0.0, -1.0, math.nan, math.inf])
def test_a_softness_that_makes_no_sense_is_refused(softness):
    with pytest.raises(ValueError, match="softness"):
        Ranker({}, FREQUENCIES, SCALE, softness)


@given(rankers, heard, heard)
def test_a_ranker_survives_json_exactly(ranker, mine, theirs):
    again = replace(Ranker.from_json(json.loads(json.dumps(ranker.to_json()))), cohort=COHORT)
    pairs = [(one.weigh(mine, stored_of(1)), one.weigh(theirs, stored_of(2))) for one in (ranker, again)]
    assert again.parts(*pairs[1]) == ranker.parts(*pairs[0])


@pytest.mark.parametrize("absent", ["weights", "frequencies", "audio", "softness", "chance", "plays_power"])
def test_a_ranker_that_lacks_something_is_refused(absent):
    value = {name: part for name, part in RANKER.to_json().items() if name != absent}
    with pytest.raises(KeyError):
        Ranker.from_json(value)


def test_a_scale_of_another_length_is_refused():
    with pytest.raises(ValueError, match="scale"):
        AudioScale.from_json({"centre": [0.0], "spread": [1.0, 1.0]})


def crowded(closeness, seed=0):
    return replace(RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(seed)), closeness=closeness)


def test_who_is_closer_to_the_cohort_comes_after_an_equal_who_is_not():
    me, there = crowded(0.3, seed=1), crowded(0.0)
    assert RANKER.score(me, crowded(0.4)) < RANKER.score(me, there)


def test_half_the_closeness_of_each_side_is_taken_off_the_cosine():
    without = components(crowded(0.0), crowded(0.0))["towers"]
    assert components(crowded(0.3), crowded(0.5))["towers"] == pytest.approx(without - 0.4)


def test_a_profile_is_weighed_with_its_closeness():
    found = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(0))
    assert found.closeness == COHORT.closeness(to_half(found.stored)) != 0.0


def test_without_a_cohort_the_cosine_stays_as_it_is():
    assert replace(RANKER, cohort=None).weigh(profile_of(("a", 1, 1.0)), stored_of(0)).closeness == 0.0
