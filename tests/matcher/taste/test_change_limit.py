"""The pace of changes of taste: the promise in numbers, and what it is kept on."""

from datetime import timedelta

import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.library import build_library
from matcher.domain.listening import Source
from matcher.errors import NotInLibrary, TasteTooSoon
from matcher.ports import Account
from matcher.taste.change_limit import Act, TastePace
from matcher.taste.service import Tastes
from tests.fakes.records import FakePaceStore
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.taste.test_service import MINE, NOON, PIPELINE, Clock, Library, listed, saved
from towers.serving.kmeans import SeededKMeans

LOW = Exclusion(Kind.ARTIST, "low")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store():
    return FakeListenerStore()


@pytest.fixture
def me(store):
    return store.connect(Account("spotify:me"), Source.SPOTIFY_API, "x", NOON).listener_id


@pytest.fixture
def paced(store, me, clock):
    """The taste of one who was read, counted."""
    pace = TastePace(FakePaceStore([me]), clock)
    tastes = Tastes(FakeTasteStore(store), lambda: PIPELINE, SeededKMeans(), clock, least=1, pace=pace)
    tastes.keep(me, build_library(MINE.fetch(me, None)))
    return tastes


def test_twelve_changes_are_let_through_in_ten_minutes(paced, me, clock):
    for n in range(12):
        (paced.undo if n % 2 else paced.leave_out)(me, LOW)
        clock.now += timedelta(seconds=1)
    with pytest.raises(TasteTooSoon) as raised:
        paced.leave_out(me, LOW)
    with pytest.raises(TasteTooSoon):
        paced.undo(me, LOW)
    assert raised.value.retry_at_utc == NOON + timedelta(minutes=10)
    clock.now = raised.value.retry_at_utc
    paced.leave_out(me, LOW)


def test_sixty_changes_are_let_through_in_a_day(clock):
    pace = TastePace(FakePaceStore(["me"]), clock)
    for _ in range(60):
        pace("me", Act.CHANGE, "")
        clock.now += timedelta(minutes=10)
    with pytest.raises(TasteTooSoon) as raised:
        pace("me", Act.CHANGE, "")
    assert raised.value.retry_at_utc == NOON + timedelta(days=1)


def test_what_is_refused_changes_nothing(paced, me):
    for _ in range(12):
        paced.undo(me, LOW)
    before = paced.store.exclusions(me)
    with pytest.raises(TasteTooSoon):
        paced.leave_out(me, LOW)
    assert paced.store.exclusions(me) == before


def test_twelve_facets_are_looked_at_in_ten_minutes_and_each_again(me, paced):
    hearings = [listed(f"Artist {n}", f"list {n}") for n in range(13)]
    paced.keep(me, build_library(Library(saved("Low"), *hearings).fetch(me, None)))
    for n in range(12):
        paced.facet(me, f"playlists:list {n}")
    paced.facet(me, "playlists:list 3")
    with pytest.raises(TasteTooSoon):
        paced.facet(me, "playlists:list 12")
    with pytest.raises(NotInLibrary):
        paced.facet(me, "playlists:unknown")
