"""The front: which few things of a listener a stranger may be told of."""

import numpy as np
import pytest
from hypothesis import given

from matcher.domain.digests import digest_of
from matcher.scoring.overlap import KINDS, WeighedBag
from matcher.scoring.packed_candidates import PackedCandidates, as_packed, pack
from matcher.scoring.preview import front_of, strong_of
from tests.matcher.scoring.test_ranker import RANKER, profile_of, stored_of, weighed


def bags(n, weight=lambda place: 1.0):
    """A listener's bags: so many artists, and as many tags."""
    one = WeighedBag({f"item {place}": weight(place) for place in range(n)}, 1.0)
    return dict.fromkeys(KINDS, one)


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 0), (2, 0), (3, 1), (5, 1), (9, 3), (29, 9), (30, 10), (31, 10), (1201, 10)]
)
def test_a_front_is_ten_at_most_and_a_third_at_most(n, expected):
    assert {kind: len(keys) for kind, keys in front_of(bags(n)).items()} == {
        "artists": expected,
        "tags": expected,
    }


def test_the_strongest_stand_in_front():
    assert front_of(bags(30, float))["artists"] == tuple(f"item {n}" for n in range(29, 19, -1))


def test_of_equals_the_digest_decides():
    keys = sorted((f"item {n}" for n in range(6)), key=lambda key: digest_of("artists", key))
    assert front_of(bags(6))["artists"] == tuple(keys[:2])


def test_thirty_of_a_kind_are_strong_in_who_looks():
    found = strong_of(bags(1201, float))
    assert len(found) == 60
    assert set(found.values()) == {
        (kind, f"item {n}") for kind in ("artists", "tags") for n in range(1171, 1201)
    }


def test_no_track_stands_in_front():
    one = RANKER.weigh(profile_of(*((name, 1, 1.0) for name in "abcdef")), stored_of(1))
    assert set(front_of(one.bags)) == {"artists", "tags"}


@given(weighed)
def test_the_front_comes_back_out_of_the_packed_profile(one):
    rounded = as_packed(one)
    pool = PackedCandidates(["c"], rounded.stored[np.newaxis], [pack(rounded, RANKER).content], rounded)
    expected = [digest_of(kind, key) for kind, keys in front_of(rounded.bags).items() for key in keys]
    assert list(pool.front(0)) == expected
    assert pool.profile(0).n_artists == one.n_artists
