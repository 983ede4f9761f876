import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.scoring.overlap import ItemFrequencies, count_items, overlap, shared_parts, weigh, weigh_profile
from tests.matcher.strategies import profiles

KEYS = "abcdefgh"
COUNTED = ItemFrequencies(10, {"artists": {"a": 10, "b": 7, "c": 3, "d": 1}})

bags = st.dictionaries(st.sampled_from(KEYS), st.floats(0.01, 1e5), max_size=len(KEYS))
weighed = bags.map(lambda bag: weigh(bag, "artists", COUNTED))


def heard(*artists):
    return ListenerProfile("x", Source.TABLE, items=tuple(Item(name, "", 1.0, "plays") for name in artists))


def test_an_item_is_counted_once_a_listener():
    counted = count_items([heard("a", "b"), heard("a"), heard("c")])
    assert counted.n_listeners == 3
    assert counted.counts == {"artists": {"a": 2, "b": 1, "c": 1}, "tracks": {}, "tags": {}}


@pytest.mark.parametrize("n", [0, 1, 3, 10])
def test_the_idf_is_that_of_bm25(n):
    counted = ItemFrequencies(10, {"tracks": {"x": n}})
    assert counted.idf("tracks", "x") == pytest.approx(math.log(1 + (10 - n + 0.5) / (n + 0.5)), rel=1e-12)


def test_an_item_that_was_never_seen_counts_most():
    seen = [COUNTED.idf("artists", key) for key in "abcd"]
    assert COUNTED.idf("artists", "never") > max(seen)


def test_a_kind_that_was_never_counted_is_all_unseen():
    assert COUNTED.idf("tags", "a") == COUNTED.idf("artists", "never")


def test_a_rarer_item_counts_more():
    assert [COUNTED.idf("artists", key) for key in "abcd"] == sorted(
        COUNTED.idf("artists", key) for key in "abcd"
    )


def test_even_what_everybody_hears_counts_something():
    assert COUNTED.idf("artists", "a") > 0


def test_a_weight_is_the_root_of_relative_plays_times_idf():
    # plays 1 and 4: mean 2.5, so √0.4 and √1.6
    found = weigh({"b": 1.0, "c": 4.0}, "artists", COUNTED)
    assert found.weights["b"] == pytest.approx(math.sqrt(0.4) * math.log(1 + 3.5 / 7.5))
    assert found.weights["c"] == pytest.approx(math.sqrt(1.6) * math.log(1 + 7.5 / 3.5))
    assert found.norm == pytest.approx(math.hypot(*found.weights.values()))


def test_an_empty_bag_weighs_nothing():
    found = weigh({}, "artists", COUNTED)
    assert (dict(found.weights), found.norm) == ({}, 0.0)


@given(bags, st.floats(1e-3, 1e3))
def test_the_scale_of_plays_makes_no_difference(bag, factor):
    once = weigh(bag, "artists", COUNTED).weights
    again = weigh({key: plays * factor for key, plays in bag.items()}, "artists", COUNTED).weights
    assert again == pytest.approx(once, rel=1e-9)


@given(bags, st.sampled_from(KEYS), st.floats(1.01, 100))
def test_an_item_weighs_more_the_more_it_is_played(bag, key, factor):
    quiet, loud = {**bag, key: 1.0, "other": 1.0}, {**bag, key: factor, "other": 1.0}
    assert weigh(loud, "artists", COUNTED).weights[key] > weigh(quiet, "artists", COUNTED).weights[key]


@given(weighed, weighed)
def test_what_is_shared_is_the_same_from_both_sides(one, other):
    assert shared_parts(one, other) == pytest.approx(shared_parts(other, one), rel=1e-12)


@given(weighed, weighed)
def test_the_parts_sum_to_the_overlap(one, other):
    assert math.fsum(shared_parts(one, other).values()) == pytest.approx(overlap(one, other), rel=1e-12)


@given(weighed, weighed)
def test_exactly_what_both_have_is_shared_and_counts_above_zero(one, other):
    parts = shared_parts(one, other)
    assert parts.keys() == one.weights.keys() & other.weights.keys()
    assert all(part > 0 for part in parts.values())


def test_with_nothing_shared_the_overlap_is_zero():
    one, other = (weigh(bag, "artists", COUNTED) for bag in ({"a": 1.0}, {"b": 1.0}))
    assert overlap(one, other) == 0.0


def test_with_an_empty_bag_the_overlap_is_zero():
    assert overlap(weigh({}, "artists", COUNTED), weigh({"a": 1.0}, "artists", COUNTED)) == 0.0


@given(weighed.filter(lambda bag: bag.norm > 0))
def test_at_power_one_it_is_the_cosine(one):
    assert overlap(one, one, power=1.0) == pytest.approx(1.0)


def test_sharing_more_records_says_more_where_the_cosine_sees_no_difference():
    few, many = (weigh({f"n{i}": 1.0 for i in range(n)}, "artists", COUNTED) for n in (1, 40))
    assert overlap(few, few, power=1.0) == pytest.approx(overlap(many, many, power=1.0))
    assert overlap(many, many) > overlap(few, few)


def test_a_shared_rarity_says_more_than_a_shared_hit():
    one = weigh({"a": 1.0, "d": 1.0}, "artists", COUNTED)
    parts = shared_parts(one, one)
    assert parts["d"] > parts["a"]


def test_every_kind_of_bag_is_weighed():
    profile = ListenerProfile("x", Source.TABLE, items=(Item("a", "a|1", 2.0, "plays"),), tags={"folk": 1.0})
    found = weigh_profile(profile, COUNTED)
    assert {kind: set(bag.weights) for kind, bag in found.items()} == {
        "artists": {"a"},
        "tracks": {"a|1"},
        "tags": {"folk"},
    }


@given(st.lists(profiles, max_size=3))
def test_frequencies_survive_json_exactly(some):
    counted = count_items(some)
    assert ItemFrequencies.from_json(json.loads(json.dumps(counted.to_json()))) == counted


@pytest.mark.parametrize(
    "value", [{}, {"n_listeners": 1}, {"n_listeners": "many", "counts": {}}, {"n_listeners": 1, "counts": 3}]
)
def test_what_is_no_frequencies_is_refused(value):
    with pytest.raises((KeyError, ValueError, TypeError, AttributeError)):
        ItemFrequencies.from_json(value)
