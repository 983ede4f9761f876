from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Source
from matcher.ports import Account
from matcher.taste.facet_cache import KEPT_FOR, FacetCache, FacetSet
from matcher.taste.service import Tastes
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.taste.test_clusters import TagEmbedder
from tests.matcher.taste.test_facets import TOOLS, TWO_SCENES
from tests.storage.contracts.taste_store import leave_out, read

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FOLK_3 = Exclusion(Kind.ARTIST, "folk 3")
FOLK, TECHNO = (FacetSet((), (frozenset({name}),)) for name in ("folk", "techno"))


@pytest.fixture
def memory():
    return FacetCache(most=2)


def test_facets_are_recalled_under_their_mark_alone(memory):
    memory.keep("me", "before", FOLK, NOON)
    assert memory.recall("me", "before", NOON) == FOLK
    assert memory.recall("me", "after", NOON) is None
    assert memory.recall("you", "before", NOON) is None


def test_facets_of_several_marks_are_recalled_each_under_its_own(memory):
    memory.keep("me", "before", FOLK, NOON)
    memory.keep("me", "after", TECHNO, NOON)
    assert memory.recall("me", "before", NOON) == FOLK
    assert memory.recall("me", "after", NOON) == TECHNO


def test_facets_kept_again_under_a_mark_take_the_place_of_the_earlier(memory):
    memory.keep("me", "mark", FOLK, NOON)
    memory.keep("me", "mark", TECHNO, NOON)
    assert memory.recall("me", "mark", NOON) == TECHNO


def test_of_one_listener_only_the_last_few_are_remembered():
    memory = FacetCache(most_each=2)
    for mark in ("one", "two", "three"):
        memory.keep("me", mark, FOLK, NOON)
    assert [mark for mark in ("one", "two", "three") if memory.recall("me", mark, NOON)] == ["two", "three"]


def test_others_do_not_count_among_the_few_of_one_listener():
    memory = FacetCache(most_each=1)
    memory.keep("me", "mark", FOLK, NOON)
    memory.keep("you", "mark", TECHNO, NOON)
    assert memory.recall("me", "mark", NOON) == FOLK


def test_the_latest_facets_are_those_kept_last_under_any_mark(memory):
    assert memory.latest("me", NOON) is None
    memory.keep("me", "before", FOLK, NOON)
    memory.keep("me", "after", TECHNO, NOON)
    assert memory.latest("me", NOON) == TECHNO
    assert memory.latest("you", NOON) is None
    assert memory.latest("me", NOON + KEPT_FOR) is None


def test_facets_are_not_recalled_for_ever(memory):
    memory.keep("me", "mark", FOLK, NOON)
    assert memory.recall("me", "mark", NOON + KEPT_FOR - timedelta(seconds=1)) == FOLK
    assert memory.recall("me", "mark", NOON + KEPT_FOR) is None


def test_facets_whose_time_is_over_go_with_the_next_that_are_kept(memory):
    memory.keep("me", "mark", FOLK, NOON)
    memory.keep("you", "mark", TECHNO, NOON + KEPT_FOR)
    assert memory.recall("me", "mark", NOON) is None
    assert memory.recall("you", "mark", NOON + KEPT_FOR) == TECHNO


def test_of_more_than_it_holds_those_kept_first_are_forgotten(memory):
    for name in ("one", "two", "three"):
        memory.keep(name, "mark", FOLK, NOON)
    kept = [name for name in ("one", "two", "three") if memory.recall(name, "mark", NOON)]
    assert kept == ["two", "three"]


def test_what_is_forgotten_is_not_recalled(memory):
    memory.keep("me", "before", FOLK, NOON)
    memory.keep("me", "after", TECHNO, NOON)
    memory.forget("me")
    memory.forget("nobody")
    assert memory.recall("me", "before", NOON) is memory.recall("me", "after", NOON) is None
    assert memory.latest("me", NOON) is None


# ---- in use ------------------------------------------------------------------------------------------


class CountingClusterer:
    """A real clusterer that counts how often it was asked."""

    def __init__(self):
        self.n_asked = 0

    def cluster(self, *asked):
        self.n_asked += 1
        return TOOLS[1].cluster(*asked)


class CountingEmbedder(TagEmbedder):
    """Counts the profiles it was given."""

    def __init__(self):
        self.n_made = 0

    def embed(self, profiles):
        self.n_made += len(profiles)
        return super().embed(profiles)


class Model:
    embedder = TOOLS[0]


@pytest.fixture
def store():
    return FakeTasteStore(FakeListenerStore())


@pytest.fixture
def tastes(store):
    return Tastes(store, Model, CountingClusterer(), lambda: NOON)


@pytest.fixture
def me(store):
    key = store._listeners.connect(Account("spotify:me"), Source.SPOTIFY_API, "x", NOON).listener_id
    store.change(key, read(TWO_SCENES), NOON)
    return key


def test_facets_are_found_once_while_nothing_changes(tastes, me):
    first = tastes.facets_of(me)
    n_asked = tastes.clusterer.n_asked
    assert n_asked
    assert tastes.facets_of(me) == first
    assert tastes.look(me, Kind.ARTIST).facets == first
    assert tastes.facet(me, first[0].facet_id).artists
    assert tastes.clusterer.n_asked == n_asked


def test_what_is_left_out_is_out_of_the_facets_at_once(tastes, store, me):
    before = tastes.facets_of(me)
    store.change(me, leave_out(Exclusion(Kind.FACET, "playlists:warehouse")), NOON)
    after = {one.facet_id for one in tastes.facets_of(me)}
    assert "playlists:warehouse" in {one.facet_id for one in before} - after
    store.change(me, leave_out(), NOON)
    assert tastes.facets_of(me) == before


def test_what_is_taken_back_in_finds_the_facets_from_before(tastes, me):
    before = tastes.facets_of(me)
    tastes.store.change(me, leave_out(FOLK_3), NOON)
    tastes.facets_of(me)
    n_asked = tastes.clusterer.n_asked
    tastes.store.change(me, leave_out(), NOON)
    assert tastes.facets_of(me) == before
    assert tastes.clusterer.n_asked == n_asked


def test_facets_are_the_same_whatever_was_remembered(tastes, store, me):
    tastes.facets_of(me)
    for thing in (FOLK_3, Exclusion(Kind.ARTIST, "techno 8"), Exclusion(Kind.FACET, "saved")):
        store.change(me, leave_out(thing), NOON)
        anew = Tastes(store, Model, CountingClusterer(), lambda: NOON)
        assert tastes.facets_of(me) == anew.facets_of(me)


def test_of_artists_that_stay_no_vector_is_made_again(store, me):
    embedder = CountingEmbedder()
    tastes = Tastes(store, lambda: SimpleNamespace(embedder=embedder), CountingClusterer(), lambda: NOON)
    tastes.facets_of(me)
    n_made = embedder.n_made
    store.change(me, leave_out(FOLK_3), NOON)
    tastes.facets_of(me)
    assert embedder.n_made == n_made


def test_a_library_is_read_once_for_a_look(store, me):
    class Reading(FakeTasteStore):
        n_read = 0

        def sources(self, listener_id):
            self.n_read += 1
            return store.sources(listener_id)

        def mark(self, listener_id):
            return store.mark(listener_id)

    reading = Reading(store._listeners)
    Tastes(reading, Model, CountingClusterer(), lambda: NOON).look(me, Kind.ARTIST)
    assert reading.n_read == 1


def test_facets_found_while_the_taste_changes_are_not_remembered(tastes, store, me):
    class Interrupting(CountingClusterer):
        def cluster(self, *asked):
            if not self.n_asked:
                store.change(me, leave_out(Exclusion(Kind.FACET, "playlists:warehouse")), NOON)
            return super().cluster(*asked)

    slow = Tastes(store, Model, Interrupting(), lambda: NOON)
    stale = slow.facets_of(me)
    store.change(me, leave_out(), NOON)
    n_asked = slow.clusterer.n_asked
    assert slow.facets_of(me) == stale
    assert slow.clusterer.n_asked > n_asked
