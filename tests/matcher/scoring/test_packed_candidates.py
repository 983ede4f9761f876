"""Packed profiles: what comes back out of the bytes, and what is found by."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.digests import digest_of
from matcher.scoring.components import COMPONENTS, components
from matcher.scoring.explain import explain
from matcher.scoring.overlap import KINDS
from matcher.scoring.packed_candidates import (
    BARE,
    N_RARE_ITEMS,
    PackedCandidates,
    as_packed,
    items_of,
    pack,
    rarest,
)
from tests.matcher.scoring.test_ranker import RANKER, profile_of, rankers, stored_of, weighed

crowds = st.lists(weighed, max_size=6)


def packed_pool(me, crowd):
    rows = np.array([as_packed(one).stored for one in crowd]).reshape(len(crowd), len(me.stored))
    contents = [pack(one, RANKER).content for one in crowd]
    return PackedCandidates([f"c{place}" for place in range(len(crowd))], rows, contents, as_packed(me))


@given(weighed, crowds)
def test_packed_candidates_have_the_components_of_every_pair(me, crowd):
    expected = [[components(as_packed(me), as_packed(them))[name] for name in COMPONENTS] for them in crowd]
    found = packed_pool(me, crowd).components()
    np.testing.assert_allclose(found, np.reshape(expected, (-1, len(COMPONENTS))), rtol=1e-9, atol=1e-9)


@given(weighed, crowds)
def test_packing_moves_a_component_by_no_more_than_half_precision(me, crowd):
    expected = [[components(me, them)[name] for name in COMPONENTS] for them in crowd]
    found = packed_pool(me, crowd).components()
    np.testing.assert_allclose(found, np.reshape(expected, (-1, len(COMPONENTS))), rtol=1e-3, atol=1e-3)


@given(rankers, weighed, weighed)
def test_a_packed_score_is_the_same_from_both_sides(ranker, one, other):
    there, back = packed_pool(one, [other]).scores(ranker), packed_pool(other, [one]).scores(ranker)
    assert there[0] == pytest.approx(back[0], abs=1e-12)


@given(rankers, weighed, weighed)
def test_a_packed_profile_is_explained_as_the_whole_one_is(ranker, me, them):
    found = explain(ranker, as_packed(me), packed_pool(me, [them]).profile(0), {})
    whole = explain(ranker, as_packed(me), as_packed(them), {})
    assert dict(found.parts) == pytest.approx(dict(whole.parts), abs=1e-9)
    for kind in KINDS:
        assert [one.key for one in getattr(found, kind)] == [one.key for one in getattr(whole, kind)]


@given(weighed)
def test_rounding_twice_is_rounding_once(one):
    assert as_packed(as_packed(one)).bags == as_packed(one).bags


def test_each_candidate_has_its_own_shared_items():
    me = RANKER.weigh(profile_of(("a", 1, 1.0), ("b", 2, 1.0)), stored_of(1))
    crowd = [RANKER.weigh(profile_of((name, 1, 1.0)), stored_of(2)) for name in "xba"]
    pool = packed_pool(me, crowd)
    shared = [set(pool.profile(row).bags["artists"].weights) for row in range(3)]
    assert shared == [set(), {"artist b"}, {"artist a"}]
    assert [pool.profile(row).n_items for row in range(3)] == [2, 2, 2]


def test_a_pool_of_none_has_no_components():
    me = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(1))
    assert packed_pool(me, []).components().shape == (0, len(COMPONENTS))


def test_of_a_bare_profile_only_the_vector_counts():
    me = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(1))
    pool = PackedCandidates(["c"], as_packed(me).stored[np.newaxis], [BARE.content], as_packed(me))
    towers, *others = pool.components()[0].tolist()
    assert towers != 0.0
    assert others == [0.0] * (len(COMPONENTS) - 1)
    assert np.isfinite(pool.scores(RANKER)).all()
    assert pool.profile(0).n_items == 0


@given(weighed, crowds)
def test_how_many_artists_there_are_comes_back(me, crowd):
    pool = packed_pool(me, crowd)
    assert [pool.profile(row).n_artists for row in range(len(crowd))] == [one.n_artists for one in crowd]


def test_a_profile_packed_before_artists_were_counted_counts_in_all_else():
    me = RANKER.weigh(profile_of(("a", 1, 1.0), ("b", 2, 1.0)), stored_of(1))
    older = pack(replace(me, n_artists=None), RANKER).content
    pool = PackedCandidates(["c"], as_packed(me).stored[np.newaxis], [older], as_packed(me))
    np.testing.assert_array_equal(pool.components(), packed_pool(me, [me]).components())
    assert pool.profile(0).n_artists is None


@pytest.mark.parametrize("content", [b"", b"EW00 of an older Earshot", bytes(200)])
def test_of_a_profile_in_another_format_only_the_vector_counts(content):
    me = as_packed(RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(1)))
    found = PackedCandidates(["c"], me.stored[np.newaxis], [content], me).components()
    bare = PackedCandidates(["c"], me.stored[np.newaxis], [BARE.content], me).components()
    np.testing.assert_array_equal(found, bare)


def test_a_profile_is_found_by_its_rarest_items_first():
    one = RANKER.weigh(profile_of(("a", 0, 9.0), ("b", 0, 1.0), ("c", 0, 1.0)), stored_of(1))
    expected = [digest_of("artists", f"artist {name}") for name in "cba"]
    assert list(pack(one, RANKER).rare_items) == expected


def test_a_profile_is_found_by_so_many_items_and_no_more():
    many = RANKER.weigh(profile_of(*((f"x{n}", 1, 1.0) for n in range(N_RARE_ITEMS))), stored_of(1))
    rare_items = pack(many, RANKER).rare_items
    assert len(rare_items) == len(set(rare_items)) == N_RARE_ITEMS


def test_the_rarest_item_is_asked_for_first():
    me = RANKER.weigh(profile_of(("a", 0, 1.0), ("b", 0, 1.0)), stored_of(1))
    assert list(rarest(me, RANKER)) == [digest_of("artists", f"artist {name}") for name in "ba"]


def test_nobody_is_asked_for_by_a_tag():
    me = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(1))
    assert me.bags["tags"].weights
    assert rarest(me, RANKER) == pack(me, RANKER).rare_items


@pytest.mark.parametrize("evil", ["a\x00b", "a\ud800b"])
def test_an_item_keeps_its_digest_when_a_store_replaces_characters(evil):
    assert digest_of("artists", evil) == digest_of("artists", "a\ufffdb")


def test_an_artist_and_a_track_of_one_name_are_two_items():
    assert digest_of("artists", "low") != digest_of("tracks", "low")


def test_candidates_must_be_as_many_as_their_profiles():
    me = RANKER.weigh(profile_of(("a", 1, 1.0)), stored_of(1))
    with pytest.raises(ValueError, match="every candidate"):
        PackedCandidates(["a", "b"], me.stored[np.newaxis], [BARE.content], me)


@given(weighed, crowds)
def test_all_artists_and_tracks_of_a_candidate_come_back_as_digests(me, crowd):
    pool = packed_pool(me, crowd)
    for row, them in enumerate(crowd):
        expected = {digest_of(kind, key) for kind in ("artists", "tracks") for key in them.bags[kind].weights}
        assert pool.items(row) == items_of(them) == expected


@given(weighed, weighed)
def test_a_packed_profile_has_the_closeness_and_own_sum_of_the_whole_one(me, them):
    found = packed_pool(me, [them]).profile(0)
    assert found.closeness == pytest.approx(them.closeness, rel=1e-6)
    assert found.own == pytest.approx(them.own, rel=1e-6)


def test_how_often_songs_are_played_makes_no_other_items():
    loud, quiet = (RANKER.weigh(profile_of(("a", 1, plays)), stored_of(1)) for plays in (1.0, 77.0))
    assert items_of(loud) == items_of(quiet)
