"""Looking at matches: over real matching and real consent, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from matcher.browsing.feedback import FeedbackAction, FeedbackLog
from matcher.browsing.history import Kind, MatchHistory
from matcher.browsing.service import Browsing, MatchFilters, Order, narrow, ranked, tag_id, tags_of
from matcher.domain.calibration import Band
from matcher.domain.consent import Relation, SeenItem, SeenMatch
from matcher.domain.exclusions import Exclusion
from matcher.domain.exclusions import Kind as ExclusionKind
from matcher.domain.listening import Source
from matcher.errors import NotInLibrary, NotSynced, UnknownListener
from matcher.groups.access import Access
from matcher.groups.near_pairs import NearPair
from matcher.groups.service import Groups
from tests.fakes.records import FakeFeedbackStore, FakeHistoryStore
from tests.matcher.matching.test_service import NOW
from tests.people_world import World, world_in_memory
from tests.ui.charts.gallery import a_summary


@dataclass
class Town:
    """Ada, and others whom she may be matched with."""

    world: World
    browsing: Browsing
    ada: str

    def join(self, name: str, *artists: str) -> str:
        return self.world.join(name, *artists)


@pytest.fixture
def town() -> Town:
    world = world_in_memory()
    rows = world.service.store.rows
    browsing = Browsing(
        matching=world.service,
        people=world.people,
        groups=Groups(world.service.store, Access(world.people.relations), world.service.model),
        tastes=world.service.tastes,
        feedback=FeedbackLog(FakeFeedbackStore(rows), lambda: NOW),
        history=MatchHistory(FakeHistoryStore(rows), _ticking()),
        profile_of=world.service.store.profile,
        model=world.service.model,
    )
    ada = world.sign_in("ada")
    world.refresh(ada, "Low", "Can", "Neu!")
    return Town(world, browsing, ada)


def _ticking() -> Callable[[], datetime]:

    days = count()
    return lambda: NOW + timedelta(days=next(days))


def ids(matches: tuple[SeenMatch, ...]) -> set[str]:
    return {one.listener_id for one in matches}


def a_seen(rank: int, tags: tuple[str, ...] = (), n_about: int | None = 0, lately: bool = False) -> SeenMatch:
    items = tuple(SeenItem(tag, tag.title()) for tag in tags)
    return SeenMatch(
        f"id-{rank}",
        "Quiet Otter",
        Source.TABLE,
        rank,
        Relation.STRANGERS,
        Band.NEAR,
        tags=items,
        n_about=n_about,
        lately=lately,
    )


def test_matches_come_with_what_they_rest_on(town: Town):
    bob, eve = town.join("bob", "Low"), town.join("eve", "Can")
    found = town.browsing.look(town.ada, MatchFilters())
    assert ids(found.matches) == {bob, eve}
    assert (found.evidence.n_artists, found.n_candidates, found.model_version) == (3, 2, "v1")


def test_who_was_dismissed_stays_away_and_others_take_the_place(town: Town):
    bob, eve = town.join("bob", "Low"), town.join("eve", "Can")
    assert town.browsing.note(town.ada, bob, FeedbackAction.DISMISSED)
    found = town.browsing.look(town.ada, MatchFilters(top_n=1))
    assert ids(found.matches) == {eve}
    assert found.n_dismissed == 1
    assert town.browsing.undo_dismissals(town.ada) == 1
    assert ids(town.browsing.look(town.ada, MatchFilters()).matches) == {bob, eve}


def test_everybody_dismissed_is_an_empty_list_and_no_error(town: Town):
    town.browsing.note(town.ada, town.join("bob"), FeedbackAction.DISMISSED)
    found = town.browsing.look(town.ada, MatchFilters())
    assert (found.matches, found.n_dismissed) == ((), 1)


def test_who_was_dismissed_is_not_among_the_nearest_who_have_the_places_of_the_list(town: Town):
    for name in ("bob", "eve", "kim"):
        town.join(name, "Low")
    first = town.browsing.nearest(town.ada, 3)[0].listener_id
    town.browsing.note(town.ada, first, FeedbackAction.DISMISSED)
    found, listed = (
        town.browsing.nearest(town.ada, 2),
        town.browsing.look(town.ada, MatchFilters(top_n=2)).matches,
    )
    assert first not in ids(found)
    assert [(one.listener_id, one.rank) for one in found] == [(one.listener_id, one.rank) for one in listed]
    assert [one.rank for one in found] == [1, 2]


def test_the_nearest_are_nobody_where_nobody_can_be_found(town: Town):
    assert town.browsing.nearest(town.ada, 3) == ()


def test_asking_for_the_nearest_is_no_look(town: Town):
    town.join("bob")
    town.browsing.nearest(town.ada, 3)
    assert town.browsing.look(town.ada, MatchFilters()).changed is None


def test_what_became_of_who_was_dismissed_is_not_told(town: Town):
    bob, kim = town.join("bob", "Low"), town.join("kim", "Low")
    town.browsing.look(town.ada, MatchFilters())
    town.browsing.note(town.ada, bob, FeedbackAction.DISMISSED)
    town.world.people.pause(bob)
    town.world.people.pause(kim)
    town.join("eve", "Low")
    changed = town.browsing.look(town.ada, MatchFilters()).changed.changes
    assert {one.other_id for one in changed if one.kind is Kind.GONE} == {kim}


def test_a_match_moved_as_the_list_shows_it_without_who_was_dismissed(town: Town):
    bob, kim = town.join("bob", "Low", "Can", "Neu!"), town.join("kim", "Low")
    town.browsing.look(town.ada, MatchFilters())
    town.browsing.note(town.ada, bob, FeedbackAction.DISMISSED)
    town.world.people.pause(bob)
    changed = town.browsing.look(town.ada, MatchFilters()).changed
    assert (changed.changes, changed.same) == ((), {kim})
    close = town.browsing.look_closely(town.ada, kim)
    assert close.change is None
    assert close.is_same


def test_what_changed_is_told_at_the_second_look(town: Town):
    town.join("bob", "Low")
    assert town.browsing.look(town.ada, MatchFilters()).changed is None
    eve = town.join("eve", "Can")
    changed = town.browsing.look(town.ada, MatchFilters()).changed
    assert {one.other_id for one in changed.changes if one.kind is Kind.NEW} == {eve}


def test_a_narrowed_look_is_the_same_look(town: Town):
    town.join("bob", "Low")
    town.browsing.look(town.ada, MatchFilters())
    assert town.browsing.look(town.ada, MatchFilters(lately=True, order=Order.DISCOVER)).changed is None


def test_a_facet_that_is_none_is_refused(town: Town):
    town.join("bob")
    with pytest.raises(NotInLibrary):
        town.browsing.look(town.ada, MatchFilters(facet_id="cluster:none"))


def test_a_facet_is_asked_with_alone(town: Town):
    town.join("bob", "Low")
    found = town.browsing.look(town.ada, MatchFilters(facet_id="saved"))
    assert found.evidence.n_artists == 3
    assert found.changed is None


def test_a_close_look_tells_no_more_than_may_be_told(town: Town):
    bob = town.join("bob", "Low")
    before = town.browsing.look_closely(town.ada, bob)
    assert (before.match.percent, before.their_sound) == (None, None)
    town.world.people.choose_discoverable(town.ada, True)
    town.world.people.ask_to_connect(town.ada, bob)
    town.world.people.agree_to_connect(bob, town.ada)
    after = town.browsing.look_closely(town.ada, bob)
    (listed,) = town.browsing.look(town.ada, MatchFilters()).matches
    assert after.match == listed
    assert after.match.percent is not None


def test_once_both_agree_a_close_look_says_what_each_shared_item_adds(town: Town):
    bob = town.join("bob", "Low")
    assert town.browsing.look_closely(town.ada, bob).effects == {}
    town.world.people.choose_discoverable(town.ada, True)
    town.world.people.ask_to_connect(town.ada, bob)
    town.world.people.agree_to_connect(bob, town.ada)
    before = town.world.service.find_match(town.ada, bob).matches[0].score
    effects = town.browsing.look_closely(town.ada, bob).effects
    town.world.service.tastes.leave_out(town.ada, Exclusion(ExclusionKind.ARTIST, "low"))
    after = town.world.service.find_match(town.ada, bob).matches[0].score
    assert effects == {("artists", "low"): pytest.approx(before - after, abs=1e-9)}


def connect(town: Town, other: str) -> None:
    town.world.people.choose_discoverable(town.ada, True)
    town.world.people.ask_to_connect(town.ada, other)
    town.world.people.agree_to_connect(other, town.ada)


def test_once_both_agree_a_close_look_says_how_many_are_nearer(town: Town):
    far, near = town.join("bob", "Low"), town.join("eve", "Low", "Can", "Neu!")
    town.join("dan", "Faust")
    rank = {one.listener_id: one.rank for one in town.browsing.look(town.ada, MatchFilters()).matches}
    for one in (far, near):
        assert town.browsing.look_closely(town.ada, one).n_nearer is None
        connect(town, one)
        close = town.browsing.look_closely(town.ada, one)
        assert (close.n_nearer, close.n_others) == (rank[one] - 1, 3)
    assert rank[near] == 1 < rank[far]


def test_who_may_not_be_seen_is_not_counted_as_nearer(town: Town):
    far, near = town.join("bob", "Low"), town.join("eve", "Low", "Can", "Neu!")
    connect(town, far)
    town.world.people.block(near, town.ada)
    assert town.browsing.look_closely(town.ada, far).n_nearer == 0


@pytest.mark.parametrize(
    "leak",
    [
        {"effects": {("artists", "low"): 0.1}},
        {"near": (NearPair("low", "Low", ""),)},
        {"their_sound": a_summary()},
        {"n_nearer": 0},
    ],
)
def test_a_close_look_at_a_stranger_cannot_hold_what_is_agreed_to_first(town: Town, leak):
    close = town.browsing.look_closely(town.ada, town.join("bob", "Low"))
    with pytest.raises(ValueError, match="before both agree"):
        replace(close, **leak)


@pytest.mark.parametrize("action", ["hide", "pause", "block", "erase"])
def test_who_goes_cannot_be_looked_at(town: Town, action: str):
    bob, people = town.join("bob"), town.world.people
    people.choose_discoverable(town.ada, True)
    town.browsing.look_closely(town.ada, bob)
    {
        "hide": lambda: people.choose_discoverable(bob, False),
        "pause": lambda: people.pause(bob),
        "block": lambda: people.block(bob, town.ada),
        "erase": lambda: people.erase(bob),
    }[action]()
    with pytest.raises(UnknownListener):
        town.browsing.look_closely(town.ada, bob)


def test_before_the_first_reading_nothing_can_be_looked_at(town: Town):
    new, bob = town.world.sign_in("new"), town.join("bob")
    for look in (
        lambda: town.browsing.look(new, MatchFilters()),
        lambda: town.browsing.look_closely(new, bob),
    ):
        with pytest.raises(NotSynced):
            look()


# ---- narrowing ---------------------------------------------------------------------------------------


def test_narrowing_keeps_who_fits_in_the_order_of_nearness():
    seen = [a_seen(1, ("jazz",)), a_seen(2, ("dub", "jazz"), lately=True), a_seen(3, ("dub",), lately=True)]
    assert [one.rank for one in narrow(seen, MatchFilters(tag=tag_id("dub")))] == [2, 3]
    assert [one.rank for one in narrow(seen, MatchFilters(tag=tag_id("jazz"), lately=True))] == [2]


def test_a_tag_that_nobody_shares_counts_nothing():
    seen = [a_seen(1, ("jazz",)), a_seen(2)]
    assert narrow(seen, MatchFilters(tag=tag_id("gone"))) == seen


def test_who_has_most_to_discover_comes_first_and_who_does_not_tell_last():
    seen = [a_seen(1, n_about=10), a_seen(2, n_about=None), a_seen(3, n_about=40), a_seen(4, n_about=10)]
    assert [one.rank for one in narrow(seen, MatchFilters(order=Order.DISCOVER))] == [3, 1, 4, 2]


def test_ranks_have_no_gaps():
    assert [one.rank for one in ranked([a_seen(4), a_seen(2)])] == [1, 2]


def test_tags_to_choose_from_come_with_those_most_share_first():
    seen = [a_seen(1, ("dub", "jazz")), a_seen(2, ("jazz",)), a_seen(3, ("ambient",))]
    assert [tag.name for tag in tags_of(seen)] == ["Jazz", "Ambient", "Dub"]


def test_a_narrowed_list_looks_further_than_it_shows():
    assert MatchFilters().n_looked_through == 20
    assert MatchFilters(top_n=50).n_looked_through == 50
    for narrowed in (MatchFilters(tag=1), MatchFilters(lately=True), MatchFilters(order=Order.DISCOVER)):
        assert replace(narrowed, top_n=20).n_looked_through == 100
