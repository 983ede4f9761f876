"""Clones of somebody better come behind; a double of the one who asks is flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.near_duplicates import (
    FEWEST_ITEMS,
    RESEMBLANCE,
    are_near_duplicates,
    most_resemblance,
    push_near_duplicates_behind,
    resemblance,
    sketch_of,
)

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
    assert are_near_duplicates(one, other) == are_near_duplicates(other, one)


@given(libraries, libraries)
def test_clones_are_all_who_resemble_each_other_and_have_enough(one, other):
    enough = min(len(one), len(other)) >= FEWEST_ITEMS
    assert are_near_duplicates(one, other) == (enough and resemblance(one, other) >= RESEMBLANCE)


def test_the_same_few_songs_make_no_clones():
    few = frozenset(map(str, range(FEWEST_ITEMS - 1)))
    assert not are_near_duplicates(few, few)


def test_a_small_library_inside_a_big_one_is_no_clone():
    assert not are_near_duplicates(frozenset(map(str, range(30))), frozenset(map(str, range(300))))


def test_a_clone_comes_behind_all_who_are_none():
    placed = push_near_duplicates_behind([("a", ONE), ("b", ALMOST_ONE), ("c", OTHER), ("d", THIRD)], ME, 4)
    assert keys(placed) == ["a", "c", "d", "b"]
    assert [one.duplicate_of for one in placed] == ["", "", "", "a"]


def test_a_hundred_clones_take_one_place_of_the_list():
    crowd = [(f"x{n:03}", ONE) for n in range(100)]
    placed = push_near_duplicates_behind([*crowd, ("c", OTHER), ("d", THIRD)], ME, 3)
    assert keys(placed) == ["x000", "c", "d"]


def test_where_there_are_too_few_others_clones_fill_the_list():
    placed = push_near_duplicates_behind([("a", ONE), ("b", ALMOST_ONE), ("c", ONE)], ME, 2)
    assert keys(placed) == ["a", "b"]


def test_my_double_keeps_its_place_and_is_flagged():
    placed = push_near_duplicates_behind([("a", ME), ("c", OTHER)], ME, 2)
    assert [(one.listener_id, one.is_double) for one in placed] == [("a", True), ("c", False)]


def test_of_my_doubles_only_the_first_keeps_its_place():
    # both resemble me closely enough, but not each other
    doubles = (library(*range(1_006, 1_040)), library(*range(1_000, 1_034)))
    assert not are_near_duplicates(*doubles)
    placed = push_near_duplicates_behind([("a", doubles[0]), ("b", doubles[1]), ("c", OTHER)], ME, 3)
    assert keys(placed) == ["a", "c", "b"]
    assert [one.is_double for one in placed] == [True, False, True]


def test_without_clones_a_list_stays_as_it_is():
    placed = push_near_duplicates_behind([("a", ONE), ("c", OTHER), ("d", THIRD)], ME, 2)
    assert keys(placed) == ["a", "c"]


@pytest.mark.parametrize("top_n", [0, -1])
def test_a_list_of_none_is_empty(top_n):
    assert push_near_duplicates_behind([("a", ONE)], ME, top_n) == []


def test_a_list_is_read_no_further_than_needed():
    def ranked():
        yield "a", OTHER
        raise AssertionError("read too far")

    assert keys(push_near_duplicates_behind(ranked(), ME, 1)) == ["a"]


CROWD = (ONE, ALMOST_ONE, OTHER, THIRD, ME)


@given(st.lists(st.sampled_from(CROWD), max_size=12), st.integers(0, 14))
def test_nobody_is_lost_and_nobody_comes_twice(crowd, top_n):
    ranked = [(f"{place:02}", one) for place, one in enumerate(crowd)]
    placed = push_near_duplicates_behind(ranked, ME, top_n)
    assert len(set(keys(placed))) == len(placed) == min(top_n, len(crowd))


@given(st.lists(st.sampled_from(CROWD), max_size=12))
def test_among_those_who_are_no_clones_the_order_stays(crowd):
    placed = push_near_duplicates_behind([(f"{place:02}", one) for place, one in enumerate(crowd)], ME, 12)
    firsts = [one.listener_id for one in placed if not one.duplicate_of]
    assert firsts == sorted(firsts)
    assert [bool(one.duplicate_of) for one in placed] == sorted(bool(one.duplicate_of) for one in placed)


# ---- sketches change nothing -------------------------------------------------------------------------

digests = st.integers(-(2**63), 2**63 - 1) | st.integers(-60, 60).map(lambda number: number * 4096)
"""Any, and some that all set one bit of a sketch."""


@given(st.frozensets(digests, max_size=60), st.frozensets(digests, max_size=60))
def test_two_resemble_each_other_no_more_than_their_sketches_allow(one, other):
    if one or other:
        most = most_resemblance(len(one) + len(other), sketch_of(one), sketch_of(other))
        assert resemblance(one, other) <= most <= 1.0


def test_sketches_of_libraries_without_a_song_in_common_tell_them_apart():
    assert most_resemblance(80, sketch_of(ONE), sketch_of(OTHER)) == 0.0


def test_whoever_resembles_another_just_enough_is_still_found():
    one, other = library(*range(36)), library(*range(4, 40))
    assert resemblance(one, other) == RESEMBLANCE
    assert [each.duplicate_of for each in push_near_duplicates_behind([("a", one), ("b", other)], ME, 2)] == [
        "",
        "a",
    ]


def pushed_plainly(ranked, mine, top_n):
    """What `push_near_duplicates_behind` gives, by comparing all pairs: (id, duplicate of, double)."""
    firsts, found, behind, first_double = {}, [], [], ""
    for key, items in ranked:
        is_double = are_near_duplicates(mine, items)
        twin = first_double if is_double else ""
        twin = twin or next((one for one, theirs in firsts.items() if are_near_duplicates(items, theirs)), "")
        if not twin:
            firsts[key] = items
        if is_double:
            first_double = first_double or twin or key
        (behind if twin else found).append((key, twin, is_double))
        if len(found) == top_n:
            break
    return (found + behind)[:top_n]


@st.composite
def crowds(draw):
    """Libraries of which many are nearly one another, about as nearly as clones have to be."""
    bases = draw(st.lists(st.frozensets(digests, min_size=15, max_size=60), min_size=1, max_size=3))
    crowd = []
    for _ in range(draw(st.integers(1, 12))):
        base = sorted(draw(st.sampled_from(bases)))
        left = base[draw(st.integers(0, 8)) : len(base) - draw(st.integers(0, 8))]
        crowd.append(frozenset(left) | draw(st.frozensets(digests, max_size=8)))
    return crowd


@given(crowds(), st.integers(1, 14))
def test_a_list_is_what_comparing_everybody_with_everybody_gives(crowd, top_n):
    mine, *others = crowd
    ranked = [(f"{place:02}", one) for place, one in enumerate(others)]
    placed = push_near_duplicates_behind(ranked, mine, top_n)
    assert [(one.listener_id, one.duplicate_of, one.is_double) for one in placed] == pushed_plainly(
        ranked, mine, top_n
    )
