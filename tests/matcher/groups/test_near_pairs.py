"""Near pairs: which artists of two listeners lie close together, and what of that may be named."""

import numpy as np
import pytest

from matcher.domain.vectors import TowerVectors
from matcher.groups.discovery import ItemSpace, everything
from matcher.groups.near_pairs import NearPair, near_pairs
from matcher.scoring.overlap import ItemFrequencies
from tests.matcher.groups.test_discovery import taste

PLACES = {  # where the artists lie, in degrees
    "moss choir": 0.0,
    "volt club": 20.0,
    "tin sail": 50.0,
    "loud": 180.0,
    "both": 90.0,
    "seldom": 10.0,
}
KNOWN = ItemFrequencies(100, {"artists": {**dict.fromkeys(PLACES, 3), "seldom": 2}})


class Circle:
    """Artists on a circle."""

    model_version, dim = "v1", 2

    def embed(self, profiles):
        rows = np.array([self._row(one) for one in profiles], np.float32).reshape(-1, 2)
        return TowerVectors(rows, rows)

    def _row(self, profile):
        angles = np.deg2rad([PLACES[key] for key in profile.artists])
        row = np.array([np.cos(angles).sum(), np.sin(angles).sum() + 1e-6])
        return row / np.linalg.norm(row)


@pytest.fixture
def space():
    return ItemSpace(Circle())


def found(space, mine, theirs, allowed=everything, top_n=3):
    tastes = (taste(key, *names, embedder=Circle()) for key, names in (("me", mine), ("you", theirs)))
    return near_pairs(*tastes, space, KNOWN, allowed, top_n)


def test_mine_stands_beside_the_nearest_of_theirs(space):
    pairs = found(space, ["Moss Choir", "Loud"], ["Volt Club", "Tin Sail"], top_n=1)
    assert pairs == (NearPair("moss choir", "Moss Choir", "Volt Club"),)


def test_mine_that_pulls_us_apart_comes_last(space):
    pairs = found(space, ["Loud", "Moss Choir"], ["Volt Club"])
    assert [one.name for one in pairs] == ["Moss Choir", "Loud"]


def test_beside_mine_that_lies_far_from_each_of_theirs_nothing_stands(space):
    assert found(space, ["Loud", "Moss Choir"], ["Volt Club"])[1].theirs == ""


def test_what_we_share_is_no_pair(space):
    pairs = found(space, ["Both", "Moss Choir"], ["Both", "Volt Club"])
    assert pairs == (NearPair("moss choir", "Moss Choir", "Volt Club"),)


def test_each_of_theirs_stands_beside_one_of_mine(space):
    pairs = found(space, ["Moss Choir", "Tin Sail"], ["Volt Club"])
    assert {one.name: one.theirs for one in pairs} == {"Moss Choir": "Volt Club", "Tin Sail": ""}


def test_what_they_do_not_show_is_not_named(space):
    def allowed(owner, kind, key):
        return (owner, kind, key) != ("you", "artists", "volt club")

    pairs = found(space, ["Moss Choir"], ["Volt Club", "Tin Sail"], allowed)
    assert [one.theirs for one in pairs] == ["Tin Sail"]
    assert [one.theirs for one in found(space, ["Moss Choir"], ["Volt Club"], allowed)] == [""]


def test_an_artist_the_model_hardly_knows_is_left_out(space):
    assert found(space, ["Seldom"], ["Volt Club"]) == ()
    assert [one.theirs for one in found(space, ["Moss Choir"], ["Seldom"])] == [""]


def test_who_has_nothing_has_no_pairs(space):
    assert found(space, [], ["Volt Club"]) == ()
    assert [one.theirs for one in found(space, ["Moss Choir"], [])] == [""]
