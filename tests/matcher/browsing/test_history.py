from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.browsing.history import DEPTH, Kind, MatchHistory, Reason, compare
from matcher.domain.listening import Source
from matcher.errors import UnknownListener
from matcher.ports import Listener, Look, Place
from tests.fakes.records import FakeHistoryStore

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Seen:
    """A match as the service gives it."""

    key: str
    rank: int
    score: float
    profile_digest: str

    @property
    def listener(self):
        return Listener(self.key, f"alias of {self.key}", Source.TABLE, discoverable=True)


@dataclass
class List:
    """A list of matches as the service gives it."""

    matches: list[Seen]
    profile_digest: str = "mine"
    model_version: str = "v1"


def shown(*keys, digests=None, lower=0.0, **more):
    """Matches in this order, scores falling from 0.9."""
    digests = digests or {}
    seen = [
        Seen(key, rank, 0.95 - 0.05 * rank / 2 - lower, digests.get(key, f"d-{key}"))
        for rank, key in enumerate(keys, start=1)
    ]
    return List(seen, **more)


@dataclass
class Room:
    """A history, who exists, and a clock that ticks with every look."""

    ids: set = field(default_factory=lambda: {"me", *"abcdefgh", *(f"n{n}" for n in range(50))})
    ticks: int = 0

    def __post_init__(self):
        self.history = MatchHistory(FakeHistoryStore(self.ids), self.clock)

    def clock(self):
        self.ticks += 1
        return NOON + timedelta(seconds=self.ticks)

    def after(self, *lists):
        """What changed after these looks."""
        for one in lists:
            self.history.look("me", one)
        return self.history.what_changed("me")

    def remembers(self, seen):
        """Whether a look at this is remembered."""
        before = self.history.store.looks("me")
        self.history.look("me", seen)
        return self.history.store.looks("me") != before

    def changes(self, *lists):
        return {one.other_id: one for one in self.after(*lists).changes}


@pytest.fixture
def room():
    return Room()


def test_nothing_changed_before_a_second_look(room):
    assert room.history.what_changed("me") is None
    assert room.after(shown("a", "b")) is None


def test_a_look_at_the_same_is_not_remembered(room):
    assert room.remembers(shown("a", "b"))
    assert not room.remembers(shown("a", "b"))
    assert room.history.what_changed("me") is None


def test_rounding_is_no_change(room):
    room.history.look("me", shown("a", "b"))
    assert not room.remembers(shown("a", "b", lower=1e-9))


def test_no_matches_at_all_are_not_remembered(room):
    assert not room.remembers(shown())


def test_asking_for_more_of_the_same_is_no_change(room):
    everybody = [f"n{n}" for n in range(50)]
    room.history.look("me", shown(*everybody[:DEPTH]))
    assert not room.remembers(shown(*everybody))


def test_new_gone_and_moved_matches_are_told_apart(room):
    found = room.changes(shown("a", "b", "c"), shown("b", "a", "d"))
    assert {key: one.kind for key, one in found.items()} == {
        "a": Kind.MOVED,
        "b": Kind.MOVED,
        "c": Kind.GONE,
        "d": Kind.NEW,
    }


def test_moves_are_counted_in_places_and_score(room):
    found = room.changes(shown("a", "b", "c"), shown("c", "a", "b"))
    assert {key: one.moved_up for key, one in found.items()} == {"c": 2, "a": -1, "b": -1}
    assert found["c"].score_change == pytest.approx(0.05)
    assert found["a"].score_change == pytest.approx(-0.025)


def test_who_stays_as_they_were_is_not_told(room):
    assert set(room.changes(shown("a", "b", "c"), shown("a", "b", "d"))) == {"c", "d"}


def test_the_moments_of_both_looks_are_told(room):
    found = room.after(shown("a"), shown("b"))
    assert (found.before_utc, found.now_utc) == (NOON + timedelta(seconds=1), NOON + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({"profile_digest": "mine now"}, {Reason.MY_TASTE}),
        ({"digests": {"a": "d-a now"}}, {Reason.THEIR_TASTE}),
        ({"model_version": "v2"}, {Reason.MODEL}),
        ({}, {Reason.OTHERS}),
        (
            {"profile_digest": "mine now", "digests": {"a": "d-a now"}, "model_version": "v2"},
            {Reason.MY_TASTE, Reason.THEIR_TASTE, Reason.MODEL},
        ),
    ],
)
def test_a_move_has_the_reasons_that_digests_and_version_give(room, more, reasons):
    assert room.changes(shown("a", "b"), shown("b", "a", **more))["a"].reasons == reasons


def test_the_taste_of_one_is_no_reason_for_the_move_of_another(room):
    found = room.changes(shown("a", "b"), shown("b", "a", digests={"a": "d-a now"}))
    assert found["b"].reasons == {Reason.OTHERS}


@pytest.mark.parametrize(
    ("more", "reasons"),
    [({"profile_digest": "mine now"}, {Reason.MY_TASTE}), ({}, {Reason.OTHERS})],
)
def test_who_came_or_went_did_so_for_my_taste_the_model_or_others(room, more, reasons):
    found = room.changes(shown("a", "b"), shown("a", "c", **more))
    assert found["b"].reasons == found["c"].reasons == reasons


def test_a_new_taste_without_effect_is_remembered_without_changes(room):
    assert room.after(shown("a"), shown("a", profile_digest="mine now")).changes == ()


def test_the_last_change_is_told_until_the_next_one(room):
    room.after(shown("a", "b"), shown("b", "a"))
    assert set(room.changes(shown("b", "a"))) == {"a", "b"}
    assert set(room.changes(shown("b", "a", "c"))) == {"c"}


def test_who_was_erased_is_in_no_look_and_no_change(room):
    room.history.look("me", shown("a", "b", "c"))
    room.ids.remove("b")
    assert not room.remembers(List([Seen("a", 1, 0.925, "d-a"), Seen("c", 2, 0.875, "d-c")]))
    assert room.history.what_changed("me") is None


def test_who_was_erased_cannot_look(room):
    room.ids.remove("me")
    with pytest.raises(UnknownListener):
        room.history.look("me", shown("a"))


PLACES = st.lists(st.sampled_from("abcdefgh"), unique=True).flatmap(
    lambda keys: st.lists(st.floats(-1, 1), min_size=len(keys), max_size=len(keys)).map(
        lambda scores: tuple(
            Place(key, rank, score, f"d-{key}")
            for rank, (key, score) in enumerate(zip(keys, sorted(scores, reverse=True), strict=True), start=1)
        )
    )
)


@given(old=PLACES, new=PLACES)
def test_changes_lead_from_one_look_to_the_other_and_back(old, new):
    before, now = Look(NOON, "m", "v", old), Look(NOON + timedelta(1), "m", "v", new)
    there = {one.other_id: one for one in compare(before, now).changes}
    back = {one.other_id: one for one in compare(now, before).changes}
    assert set(there) == set(back)
    opposite = {Kind.NEW: Kind.GONE, Kind.GONE: Kind.NEW, Kind.MOVED: Kind.MOVED}
    for key, one in there.items():
        assert back[key].kind is opposite[one.kind]
        assert (back[key].moved_up, back[key].score_change) == (-one.moved_up, -one.score_change)
    ranks = {one.other_id: one.rank for one in old}
    for one in new:
        change = there.get(one.other_id)
        if change is None or change.kind is Kind.MOVED:
            assert ranks[one.other_id] == one.rank + (change.moved_up if change else 0)


@given(places=PLACES)
def test_a_look_differs_from_itself_in_nothing(places):
    look = Look(NOON, "m", "v", places)
    assert compare(look, look).changes == ()
    assert compare(look, look).same == {one.other_id for one in places}


@given(old=PLACES, new=PLACES)
def test_who_stood_in_both_looks_moved_or_is_the_same(old, new):
    found = compare(Look(NOON, "m", "v", old), Look(NOON + timedelta(1), "m", "v", new))
    moved = {one.other_id for one in found.changes if one.kind is Kind.MOVED}
    assert not found.same & moved
    assert found.same | moved == {one.other_id for one in old} & {one.other_id for one in new}


def test_who_is_kept_from_the_list_takes_no_place_in_it(room):
    room.after(shown("a", "b", "c", "d"), shown("b", "a", "d", "e"))
    found = room.history.what_changed("me", {"a", "c"})
    assert {one.other_id: (one.kind, one.moved_up) for one in found.changes} == {
        "b": (Kind.MOVED, 0),
        "d": (Kind.MOVED, 0),
        "e": (Kind.NEW, 0),
    }


@pytest.mark.parametrize(
    "lists", [[shown("a", "b")] * 2, [shown("a", "b"), shown("b", "c"), shown("b", "c")]]
)
def test_looking_remembers_and_tells_what_both_steps_do(room, lists):
    for number in range(1, len(lists) + 1):
        assert room.history.look("me", lists[number - 1]) == Room().after(*lists[:number])


def test_looking_at_the_same_again_asks_the_store_once(room, monkeypatch):
    room.after(shown("a"), shown("b"))
    asked, looks = [], room.history.store.looks
    monkeypatch.setattr(room.history.store, "looks", lambda me: asked.append(me) or looks(me))
    assert room.history.look("me", shown("b")).changes
    assert len(asked) == 1
