import random
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest

from matcher.domain.consent import Sharing
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.shown import shown_profile
from matcher.embedding import embed_views
from matcher.errors import GroupSize, NotConnected, NotSynced
from matcher.groups.service import Groups
from matcher.pipeline import Pipeline
from matcher.ports import Account, NewTaste
from tests.fakes.product_way import save_profile
from tests.fakes.stores import FakeListenerStore
from tests.matcher.matching.test_service import CALIBRATION, RANKER, FakeEmbedder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class FakeCircle:
    """Everybody is connected and shows everything, but for what a test says."""

    def __init__(self):
        self.apart, self.hidden = set(), set()

    def connected_with(self, viewer_id, other_ids):
        pairs = self.told_pairs(viewer_id, other_ids)
        return frozenset(one for one in other_ids if frozenset((viewer_id, one)) in pairs)

    def told_pairs(self, viewer_id, other_ids):
        pairs = (frozenset(pair) for pair in combinations((viewer_id, *other_ids), 2))
        return frozenset(pair for pair in pairs if pair not in self.apart)

    def allowed(self, viewer_id, owner_ids):
        return lambda owner, kind, key: owner == viewer_id or (owner, kind, key) not in self.hidden


class Room:
    """Listeners by name, and the use cases over them."""

    def __init__(self):
        self.embedder, self.store, self.circle = FakeEmbedder(), FakeListenerStore(), FakeCircle()
        self.ids = {}
        self.groups = Groups(self.store, self.circle, lambda: Pipeline(self.embedder, RANKER, CALIBRATION))

    def add(self, name, *songs):
        me = self.store.connect(Account(name), Source.TABLE, name.title(), NOW).listener_id
        rows = [song.split(": ") for song in songs]
        facts = tuple(Hearing(Part.SAVED, artist_name=a, track_name=t) for a, t in rows)
        profile = build_profile(Listening(me, Source.TABLE, facts))
        stored = self.embedder.embed([profile]).stored[0]
        save_profile(self.store, me, profile, stored, self.embedder.model_version, NOW)
        self.ids[name] = me

    def share(self, name, sharing):
        """Let somebody show less than they have."""
        key, model = self.ids[name], Pipeline(self.embedder, RANKER, CALIBRATION)
        own = self.store.profile(key)
        stored, packed, shown = embed_views(model, own, shown_profile(own, sharing), least=0)
        version = self.embedder.model_version
        self.store.renew(key, NewTaste(frozenset(), own, stored, packed, version, shown=shown))

    def of(self, *names):
        return [self.ids[name] for name in names]

    def group(self, me, *others):
        return self.groups.look_at_group(self.ids[me], self.of(*others))


@pytest.fixture
def room():
    found = Room()
    found.add("ada", "Low: A", "Low: B", "Can: C")
    found.add("bob", "Low: A", "Can: C")
    found.add("cyd", "Low: A", "Neu!: D")
    found.add("dan", "Drexciya: E")
    return found


def test_every_pair_has_its_score_once(room):
    group = room.group("ada", "bob", "cyd")
    assert set(group.pairs) == {
        tuple(room.of(*pair)) for pair in (("ada", "bob"), ("ada", "cyd"), ("bob", "cyd"))
    }
    assert group.nearest == max(group.pairs, key=lambda pair: group.pairs[pair].score)


def test_a_pairs_score_is_what_each_would_see_of_the_other(room):
    near = room.group("ada", "bob", "cyd").pairs[tuple(room.of("ada", "bob"))]
    back = room.group("bob", "ada", "cyd").pairs[tuple(room.of("bob", "ada"))]
    assert near.score == pytest.approx(back.score, abs=1e-12)
    assert near.percent.low <= near.percent.value <= near.percent.high


def test_common_ground_is_told_by_how_many(room):
    group = room.group("ada", "bob", "cyd")
    assert [(one.name, one.member_ids) for one in group.artists] == [
        ("Low", tuple(room.of("ada", "bob", "cyd"))),
        ("Can", tuple(room.of("ada", "bob"))),
    ]
    assert [(one.name, one.artist) for one in group.tracks] == [("A", "Low"), ("C", "Can")]


def test_what_a_member_does_not_show_is_not_counted(room):
    room.circle.hidden = {(room.ids["cyd"], "artists", "low")}
    assert room.group("ada", "bob", "cyd").artists[0].member_ids == tuple(room.of("ada", "bob"))


def test_the_one_who_shares_nothing_stands_apart(room):
    for name in ("eve", "fay"):
        room.add(name, "Low: A", "Can: C")
    group = room.group("ada", "bob", "eve", "fay", "dan")
    assert group.apart == tuple(room.of("dan"))


def test_nobody_stands_apart_among_equals():
    room = Room()
    for name in ("ada", "bob", "cyd"):
        room.add(name, "Low: A")
    assert room.group("ada", "bob", "cyd").apart == ()


def test_of_two_others_it_is_told_in_a_word_how_near_they_are(room):
    others = tuple(room.of("bob", "cyd"))
    near = room.group("ada", "bob", "cyd").pairs[others]
    room.circle.apart = {frozenset(others)}
    group = room.group("ada", "bob", "cyd")
    assert others not in group.pairs
    assert len(group.pairs) == 2
    assert group.bands == {others: near.percent.band}
    assert group.apart == ()


@pytest.mark.parametrize(
    "sharing", [Sharing(artists=False), Sharing(tracks=False), Sharing(hidden_facets=frozenset({"saved"}))]
)
def test_nearness_rests_on_what_the_others_show(room, sharing):
    pair = tuple(room.of("ada", "bob"))
    whole = room.group("ada", "bob", "cyd").pairs[pair]
    room.share("bob", sharing)
    assert room.group("ada", "bob", "cyd").pairs[pair] != whole
    mine = tuple(room.of("bob", "ada"))
    assert room.group("bob", "ada", "cyd").pairs[mine].score == pytest.approx(whole.score)


def test_somebody_who_is_not_connected_with_me_is_refused(room):
    room.circle.apart = {frozenset(room.of("ada", "cyd"))}
    with pytest.raises(NotConnected):
        room.group("ada", "bob", "cyd")
    with pytest.raises(NotConnected):
        room.groups.discover_through(*room.of("ada", "cyd"))
    with pytest.raises(NotConnected):
        room.groups.make_playlist(room.ids["ada"], room.of("cyd"))


@pytest.mark.parametrize("others", [[], ["bob"], ["bob", "bob", "ada"]])
def test_two_are_no_group(room, others):
    with pytest.raises(GroupSize):
        room.group("ada", *others)


def test_eleven_are_too_many(room):
    for number in range(10):
        room.add(f"more {number}", "Low: A")
    others = room.of(*(f"more {number}" for number in range(10)))
    for ask in (room.groups.look_at_group, room.groups.make_playlist):
        with pytest.raises(GroupSize):
            ask(room.ids["ada"], others)


def test_somebody_without_a_profile_is_told(room):
    room.ids["new"] = room.store.connect(Account("new"), Source.TABLE, "New", NOW).listener_id
    with pytest.raises(NotSynced):
        room.group("ada", "bob", "new")


def test_discovery_through_another_leaves_out_what_i_have_and_what_they_hide(room):
    artists, _ = room.groups.discover_through(*room.of("ada", "cyd"))
    assert [one.name for one in artists] == ["Neu!"]
    room.circle.hidden = {(room.ids["cyd"], "artists", "neu")}
    assert room.groups.discover_through(*room.of("ada", "cyd"))[0] == ()


def test_artists_and_tracks_are_discovered_with_profiles_read_once(room, monkeypatch):
    asked, profiles = [], room.store.profiles
    monkeypatch.setattr(room.store, "profiles", lambda ids: asked.append(ids) or profiles(ids))
    assert all(room.groups.discover_through(*room.of("ada", "cyd")))
    assert len(asked) == 1


def test_a_joint_playlist_attributes_to_everybody(room):
    tracks = room.groups.make_playlist(room.ids["ada"], room.of("cyd", "dan")).tracks
    assert {one.title for one in tracks} == {"A", "B", "C", "D", "E"}
    assert {owner for one in tracks for owner in one.owners} == set(room.of("ada", "cyd", "dan"))


def test_a_new_model_has_an_item_space_of_its_own(room):
    room.groups.discover_through(*room.of("ada", "cyd"))
    room.embedder = FakeEmbedder("v2")
    for one in room.ids.values():
        profile = room.store.profile(one)
        save_profile(room.store, one, profile, room.embedder.embed([profile]).stored[0], "v2", NOW)
    before = room.embedder.n_embedded
    room.groups.discover_through(*room.of("ada", "cyd"))
    assert room.embedder.n_embedded > before


def test_the_order_of_the_others_changes_no_score(room):
    names = ["bob", "cyd", "dan"]
    straight = room.group("ada", *names)
    random.Random(1).shuffle(names)
    shuffled = room.group("ada", *names)
    by_pair = {frozenset(pair): near.score for pair, near in shuffled.pairs.items()}
    for pair, near in straight.pairs.items():
        np.testing.assert_allclose(near.score, by_pair[frozenset(pair)], atol=1e-12)
