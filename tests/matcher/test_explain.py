import numpy as np
import pytest
from hypothesis import given

from matcher.explain import explain
from matcher.listening import Hearing, Listening, Part, Source
from matcher.profile import build_profile
from matcher.vectors import TowerVectors, query_of
from tests.matcher.strategies import profiles


def profile(*rows):
    hearings = tuple(Hearing(Part.PLAYS, artist, track_name=track, plays=n) for artist, track, n in rows)
    return build_profile(Listening("x", Source.TABLE, hearings))


def test_shared_artists_and_tracks_are_found():
    mine = profile(("Low", "Words", 3), ("Can", "Vitamin C", 1))
    theirs = profile(("LOW", "Words (Remastered)", 2), ("Neu!", "Hero", 4))
    found = explain(mine, theirs)
    assert [item.name for item in found.artists] == ["Low"]
    assert [(item.name, item.artist) for item in found.tracks] == [("Words", "Low")]


def test_what_both_hear_most_comes_first():
    mine = profile(("A", "", 1), ("B", "", 100), ("C", "", 100))
    theirs = profile(("A", "", 100), ("B", "", 50), ("C", "", 100))
    assert [item.key for item in explain(mine, theirs).artists] == ["c", "b", "a"]


def test_nothing_shared_is_an_empty_explanation():
    found = explain(profile(("A", "x", 1)), profile(("B", "y", 1)))
    assert (found.artists, found.tracks, found.tags) == ((), (), ())


@given(profiles, profiles)
def test_what_is_shared_is_the_same_from_both_sides(one, other):
    there, back = explain(one, other), explain(other, one)
    assert [item.key for item in there.artists] == [item.key for item in back.artists]
    assert [item.strength for item in there.tracks] == pytest.approx([i.strength for i in back.tracks])
    assert there.tags == back.tags


@given(profiles)
def test_with_oneself_everything_is_shared(one):
    assert {item.key for item in explain(one, one).tracks} == set(one.tracks)


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
