import math

import numpy as np
import pytest
from hypothesis import given

from matcher.domain.vectors import TowerVectors, query_of
from matcher.scoring.explain import explain
from matcher.scoring.overlap import overlap
from matcher.scoring.ranker import Ranker
from tests.matcher.scoring.test_ranker import (
    FREQUENCIES,
    RANKER,
    SCALE,
    profile_of,
    rankers,
    stored_of,
    weighed,
)

KINDS = ("artists", "tracks", "tags")


def weigh(*rows, seed=0):
    return RANKER.weigh(profile_of(*rows), stored_of(seed))


def explained(one, other, names=None):
    return explain(RANKER, one, other, names or {})


@given(rankers, weighed, weighed)
def test_the_parts_sum_to_the_score(ranker, one, other):
    found = explain(ranker, one, other, {})
    assert math.fsum(found.parts.values()) == pytest.approx(ranker.score(one, other), abs=1e-9)
    assert found.score == pytest.approx(ranker.score(one, other), abs=1e-9)


@given(rankers, weighed, weighed)
def test_the_parts_are_the_rankers_to_the_last_digit(ranker, one, other):
    assert explain(ranker, one, other, {}).parts == ranker.parts(one, other)


@pytest.mark.parametrize("kind", KINDS)
@given(one=weighed, other=weighed)
def test_the_strengths_of_items_sum_to_the_overlap(kind, one, other):
    found = getattr(explained(one, other), kind)
    expected = overlap(one.bags[kind], other.bags[kind])
    assert math.fsum(item.strength for item in found) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(ranker=rankers, one=weighed, other=weighed)
def test_what_is_shared_is_the_same_from_both_sides(kind, ranker, one, other):
    there, back = (
        {item.key: item.strength for item in getattr(explain(ranker, a, b, {}), kind)}
        for a, b in ((one, other), (other, one))
    )
    assert there == pytest.approx(back, rel=1e-9, abs=1e-12)


@given(weighed, weighed)
def test_exactly_what_both_have_is_shown(one, other):
    found = explained(one, other)
    for kind in KINDS:
        both = one.bags[kind].weights.keys() & other.bags[kind].weights.keys()
        assert {item.key for item in getattr(found, kind)} == both


@given(weighed, weighed)
def test_the_strongest_comes_first(one, other):
    found = explained(one, other)
    for kind in KINDS:
        strengths = [item.strength for item in getattr(found, kind)]
        assert strengths == sorted(strengths, reverse=True)


def test_equally_strong_items_come_by_key():
    both = weigh(("y", 1, 1.0), ("z", 1, 1.0), ("x", 1, 1.0))  # songs that the ranker has never met
    found = explained(both, both).tracks
    assert len({item.strength for item in found}) == 1
    assert [item.key for item in found] == [f"artist {one}|song 1" for one in "xyz"]


@given(weighed)
def test_with_oneself_everything_is_shared(one):
    assert {item.key for item in explained(one, one).tracks} == set(one.bags["tracks"].weights)


def test_nothing_shared_shows_nothing_and_is_no_more_than_chance():
    found = explained(weigh(("a", 1, 1.0)), weigh(("f", 1, 1.0)))
    assert (found.artists, found.tracks, found.tags) == ((), (), ())
    assert max(found.parts[kind] for kind in ("artists", "tracks", "tags")) <= 0.0


def test_a_rarity_comes_before_a_hit():
    rows = (("a", 0, 1.0), ("b", 0, 1.0), ("f", 0, 1.0))  # heard by 30 of 50, by 4, by nobody
    found = explained(weigh(*rows), weigh(*rows))
    assert [item.key for item in found.artists] == ["artist f", "artist b", "artist a"]


def test_items_that_are_equally_strong_are_ordered_by_key():
    rows = tuple((name, 0, 1.0) for name in "fdec")
    found = explained(weigh(*rows), weigh(*rows))
    assert [item.key for item in found.artists] == ["artist c", "artist d", "artist e", "artist f"]


def test_items_are_named_as_written():
    mine = profile_of(("a", 1, 1.0))
    found = explained(weigh(("a", 1, 1.0)), weigh(("a", 1, 3.0)), mine.names)
    assert [item.name for item in found.artists] == ["Artist a"]
    assert [(item.name, item.artist) for item in found.tracks] == [("Song 1", "Artist a")]


def test_an_item_without_a_name_shows_its_key():
    found = explained(weigh(("a", 1, 1.0)), weigh(("a", 1, 3.0)))
    assert [(item.name, item.artist) for item in found.tracks] == [("artist a|song 1", "artist a")]


def test_a_kind_the_ranker_does_not_weigh_is_shown_and_is_no_part():
    ranker = Ranker({"artists": 1.0}, FREQUENCIES, SCALE)
    found = explain(ranker, weigh(("a", 1, 1.0)), weigh(("a", 1, 1.0)), {})
    assert found.parts["tracks"] == 0.0
    assert found.tracks[0].strength > 0


def unit(rng, n, dim):
    rows = rng.normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_one_inner_product_is_the_mean_of_both_directions():
    rng = np.random.default_rng(1)
    towers = TowerVectors(unit(rng, 5, 8), unit(rng, 5, 8))
    both = 0.5 * (towers.user @ towers.candidate.T + towers.candidate @ towers.user.T)
    np.testing.assert_allclose(towers.query @ towers.stored.T, both, atol=1e-6)


def test_the_score_is_symmetric():
    rng = np.random.default_rng(2)
    towers = TowerVectors(unit(rng, 6, 8), unit(rng, 6, 8))
    scores = towers.query @ towers.stored.T
    np.testing.assert_allclose(scores, scores.T, atol=1e-6)


def test_a_query_is_the_stored_vector_with_its_halves_swapped():
    rng = np.random.default_rng(3)
    towers = TowerVectors(unit(rng, 4, 8), unit(rng, 4, 8))
    np.testing.assert_array_equal(query_of(towers.stored), towers.query)
    np.testing.assert_array_equal(query_of(towers.stored[0]), towers.query[0])


def test_towers_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="differ"):
        TowerVectors(np.zeros((2, 4), np.float32), np.zeros((2, 3), np.float32))
