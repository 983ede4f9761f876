import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.profile import restrict
from matcher.domain.vectors import TowerVectors, query_of
from matcher.scoring.explain import explain
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
@given(ranker=rankers, one=weighed, other=weighed)
def test_the_parts_of_items_sum_to_their_components_part(kind, ranker, one, other):
    found = explain(ranker, one, other, {})
    expected = max(found.parts[kind], 0.0) if getattr(found, kind) else 0.0
    assert math.fsum(item.part for item in getattr(found, kind)) == pytest.approx(
        expected, rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
@given(ranker=rankers, one=weighed, other=weighed)
def test_what_is_shared_is_the_same_from_both_sides(kind, ranker, one, other):
    there, back = (
        {item.key: (item.strength, item.part) for item in getattr(explain(ranker, a, b, {}), kind)}
        for a, b in ((one, other), (other, one))
    )
    assert there.keys() == back.keys()
    for key, figures in there.items():
        assert figures == pytest.approx(back[key], rel=1e-9, abs=1e-12)


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


def test_a_kind_the_ranker_does_not_weigh_is_shown_with_no_part():
    ranker = Ranker({"artists": 1.0}, FREQUENCIES, SCALE)
    found = explain(ranker, weigh(("a", 1, 1.0)), weigh(("a", 1, 1.0)), {})
    assert [item.part for item in found.tracks] == [0.0]
    assert found.tracks[0].strength > 0


@st.composite
def long_pairs(draw):
    """Two profiles of ten tracks or more that share some, and the key of one that they share."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    one, other = (_long(rng, draw(st.integers(10, 25))) for _ in range(2))
    shared = sorted(one.tracks.keys() & other.tracks.keys())
    return one, other, draw(st.sampled_from(shared))


def _long(rng, n):
    """Ten different tracks or more out of 42, the first two of which everybody has."""
    chosen = {0, 1} | set(rng.choice(42, n, replace=False).tolist())
    return profile_of(*(("abcdef"[c % 6], 1 + c // 6, float(rng.integers(1, 20))) for c in sorted(chosen)))


TRACKS = Ranker({"towers": 0.5, "artists": 0.01, "tracks": 0.05}, FREQUENCIES, SCALE, softness=0.2)


def removal(one, other, key):
    """Part of a track, score with it, and score when one listener lacks it; towers held still."""
    mine, theirs = TRACKS.weigh(one, stored_of(1)), TRACKS.weigh(other, stored_of(2))
    found = explain(TRACKS, mine, theirs, {})
    part = next(item.part for item in found.tracks if item.key == key)
    rest = restrict(one, [item for item in one.items if item.track != key])
    return part, found.score, TRACKS.score(TRACKS.weigh(rest, stored_of(1)), theirs)


@given(long_pairs())
def test_a_shared_track_taken_away_lowers_the_likeness_by_no_more_than_its_part(pair):
    # the norms of what is left, and the sum with oneself, move it, too: of 2,500 pairs none fell by more than
    # its part, and none rose by more than 0.0133
    part, with_it, without_it = removal(*pair)
    assert -0.02 <= with_it - without_it <= part + 0.005


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
