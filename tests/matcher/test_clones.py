"""Clones of somebody better come behind; a double of the one who asks is flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.clones import FEWEST_ITEMS, RESEMBLANCE, are_clones, push_clones_behind, resemblance

libraries = st.frozensets(st.integers(0, 40).map(str), max_size=40)


def library(*songs):
    """A library of numbered songs."""
    return frozenset(songs)


ME = library(*range(1_000, 1_040))
ONE, ALMOST_ONE = library(*range(40)), library(*range(39), 99)
OTHER, THIRD = library(*range(100, 140)), library(*range(200, 240))


def keys(placed):
    return [one.listener_id for one in placed]


def test_equal_libraries_resemble_each_other_wholly():
    assert resemblance({"a", "b"}, {"a", "b"}) == 1.0


def test_nothing_resembles_nothing():
    assert resemblance(set(), set()) == 0.0


@given(libraries, libraries)
def test_resemblance_is_the_same_from_both_sides_and_a_share(one, other):
    assert resemblance(one, other) == resemblance(other, one)
    assert 0.0 <= resemblance(one, other) <= 1.0


@given(libraries, libraries)
def test_clones_are_clones_from_both_sides(one, other):
    assert are_clones(one, other) == are_clones(other, one)


@given(libraries, libraries)
def test_clones_are_all_who_resemble_each_other_and_have_enough(one, other):
    enough = min(len(one), len(other)) >= FEWEST_ITEMS
    assert are_clones(one, other) == (enough and resemblance(one, other) >= RESEMBLANCE)


def test_the_same_few_songs_make_no_clones():
    few = frozenset(map(str, range(FEWEST_ITEMS - 1)))
    assert not are_clones(few, few)


def test_a_small_library_inside_a_big_one_is_no_clone():
    assert not are_clones(frozenset(map(str, range(30))), frozenset(map(str, range(300))))


def test_a_clone_comes_behind_all_who_are_none():
    placed = push_clones_behind([("a", ONE), ("b", ALMOST_ONE), ("c", OTHER), ("d", THIRD)], ME, 4)
    assert keys(placed) == ["a", "c", "d", "b"]
    assert [one.clone_of for one in placed] == ["", "", "", "a"]


def test_a_hundred_clones_take_one_place_of_the_list():
    crowd = [(f"x{n:03}", ONE) for n in range(100)]
    placed = push_clones_behind([*crowd, ("c", OTHER), ("d", THIRD)], ME, 3)
    assert keys(placed) == ["x000", "c", "d"]


def test_where_there_are_too_few_others_clones_fill_the_list():
    placed = push_clones_behind([("a", ONE), ("b", ALMOST_ONE), ("c", ONE)], ME, 2)
    assert keys(placed) == ["a", "b"]


def test_my_double_keeps_its_place_and_is_flagged():
    placed = push_clones_behind([("a", ME), ("c", OTHER)], ME, 2)
    assert [(one.listener_id, one.is_double) for one in placed] == [("a", True), ("c", False)]


def test_of_my_doubles_only_the_first_keeps_its_place():
    # both resemble me closely enough, but not each other
    doubles = (library(*range(1_006, 1_040)), library(*range(1_000, 1_034)))
    assert not are_clones(*doubles)
    placed = push_clones_behind([("a", doubles[0]), ("b", doubles[1]), ("c", OTHER)], ME, 3)
    assert keys(placed) == ["a", "c", "b"]
    assert [one.is_double for one in placed] == [True, False, True]


def test_without_clones_a_list_stays_as_it_is():
    placed = push_clones_behind([("a", ONE), ("c", OTHER), ("d", THIRD)], ME, 2)
    assert keys(placed) == ["a", "c"]


@pytest.mark.parametrize("top_n", [0, -1])
def test_a_list_of_none_is_empty(top_n):
    assert push_clones_behind([("a", ONE)], ME, top_n) == []


def test_a_list_is_read_no_further_than_needed():
    def ranked():
        yield "a", OTHER
        raise AssertionError("read too far")

    assert keys(push_clones_behind(ranked(), ME, 1)) == ["a"]


CROWD = (ONE, ALMOST_ONE, OTHER, THIRD, ME)


@given(st.lists(st.sampled_from(CROWD), max_size=12), st.integers(0, 14))
def test_nobody_is_lost_and_nobody_comes_twice(crowd, top_n):
    ranked = [(f"{place:02}", one) for place, one in enumerate(crowd)]
    placed = push_clones_behind(ranked, ME, top_n)
    assert len(set(keys(placed))) == len(placed) == min(top_n, len(crowd))


@given(st.lists(st.sampled_from(CROWD), max_size=12))
def test_among_those_who_are_no_clones_the_order_stays(crowd):
    placed = push_clones_behind([(f"{place:02}", one) for place, one in enumerate(crowd)], ME, 12)
    firsts = [one.listener_id for one in placed if not one.clone_of]
    assert firsts == sorted(firsts)
    assert [bool(one.clone_of) for one in placed] == sorted(bool(one.clone_of) for one in placed)
