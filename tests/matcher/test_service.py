import random
from datetime import UTC, datetime

import numpy as np
import pytest

from matcher.errors import NoCandidates, NoMusic, NotSynced, SpotifyUnreachable, UnknownListener
from matcher.listening import Hearing, Listening, Part, Source
from matcher.ports import Account
from matcher.service import MatchingService
from matcher.vectors import TowerVectors
from tests.fakes.stores import FakeAttributeStore, FakeListenerStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ARTISTS = ("Low", "Can", "Neu!", "Drexciya")


class FakeEmbedder:
    """A tiny real embedder: one dimension an artist."""

    dim = len(ARTISTS)

    def __init__(self, model_version="v1"):
        self.model_version = model_version
        self.n_embedded = 0

    def embed(self, profiles):
        self.n_embedded += len(profiles)
        rows = [[p.artists.get(name.lower().strip("!"), 0.0) + 0.01 for name in ARTISTS] for p in profiles]
        array = np.array(rows, np.float32).reshape(-1, self.dim)
        array /= np.linalg.norm(array, axis=1, keepdims=True)
        return TowerVectors(array, array)


class FakeLibrary:
    """A listener's library that can be changed, or be out of reach."""

    def __init__(self, *artists, error=None):
        self.artists, self.error = artists, error

    def fetch(self, listener_id, report):
        if self.error:
            raise self.error
        return listening(listener_id, *self.artists, source=Source.SPOTIFY_API)


def listening(listener_id, *artists, source=Source.TABLE):
    return Listening(listener_id, source, tuple(Hearing(Part.SAVED, name) for name in artists))


@pytest.fixture
def embedder():
    return FakeEmbedder()


@pytest.fixture
def service(embedder):
    return MatchingService(
        store=FakeListenerStore(),
        embedder=lambda: embedder,
        attributes=FakeAttributeStore(),
        clock=lambda: NOW,
        rng=random.Random(1),
    )


def account_of(one):
    return Account(f"table:{one.listener_id}")


@pytest.fixture
def crowd(service):
    rows = [listening("low", "Low"), listening("can", "Can", "Neu!"), listening("dex", "Drexciya")]
    service.import_candidates(rows, account_of)
    return service


def me(service):
    return service.connect_listener(Account("spotify:me")).listener_id


def test_connecting_twice_is_the_same_listener(service):
    assert me(service) == me(service)


def test_a_new_listener_is_hidden_and_has_an_alias(service):
    listener = service.connect_listener(Account("spotify:me"))
    assert not listener.discoverable
    assert listener.alias


def test_the_nearest_come_first_with_what_is_shared(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Can", "Low", "Can"))
    found = crowd.find_matches(my_id)
    assert [m.rank for m in found.matches] == [1, 2, 3]
    assert [m.score for m in found.matches] == sorted((m.score for m in found.matches), reverse=True)
    assert {i.name for m in found.matches for i in m.explanation.artists} == {"Can", "Low"}
    assert found.n_candidates == 3
    assert found.synced_at_utc == NOW


def test_a_changed_library_changes_the_matches(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    before = crowd.find_matches(my_id).matches[0].listener.alias
    outcome = crowd.refresh_listener(my_id, FakeLibrary("Drexciya"))
    assert outcome.changed
    assert crowd.find_matches(my_id).matches[0].listener.alias != before


def test_an_unchanged_library_changes_nothing(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    assert not crowd.refresh_listener(my_id, FakeLibrary("Low")).changed


def test_a_refresh_that_fails_leaves_everything_as_it_was(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    before = crowd.find_matches(my_id)
    with pytest.raises(SpotifyUnreachable):
        crowd.refresh_listener(my_id, FakeLibrary(error=SpotifyUnreachable("down")))
    assert crowd.find_matches(my_id) == before


def test_a_library_without_music_is_refused_and_nothing_kept(crowd):
    my_id = me(crowd)
    with pytest.raises(NoMusic):
        crowd.refresh_listener(my_id, FakeLibrary())
    assert crowd.store.profile(my_id) is None


def test_before_the_first_refresh_there_are_no_matches(crowd):
    with pytest.raises(NotSynced):
        crowd.find_matches(me(crowd))


def test_without_anybody_else_there_are_no_matches(service):
    my_id = me(service)
    service.refresh_listener(my_id, FakeLibrary("Low"))
    with pytest.raises(NoCandidates):
        service.find_matches(my_id)


def test_a_forgotten_listener_is_unknown(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    crowd.forget_listener(my_id)
    with pytest.raises(UnknownListener):
        crowd.find_matches(my_id)


def test_signing_in_as_an_imported_account_takes_it_over(service):
    service.import_candidates(
        [listening("a", "Low"), listening("b", "Low")], lambda one: Account(one.listener_id)
    )
    mine = service.connect_listener(Account("a"))
    assert not mine.discoverable
    with pytest.raises(NotSynced):
        service.find_matches(mine.listener_id)
    service.refresh_listener(mine.listener_id, FakeLibrary("Low"))
    found = service.find_matches(mine.listener_id)
    assert len(found.matches) == 1
    assert found.matches[0].listener.listener_id != mine.listener_id


def test_listeners_without_music_are_not_imported(service):
    assert service.import_candidates([listening("a"), listening("b", "Low")], account_of) == 1


def test_a_new_model_embeds_the_asking_listener_anew(crowd, embedder):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    embedder.model_version = "v2"
    crowd.import_candidates([listening("low", "Low")], account_of)
    assert len(crowd.find_matches(my_id).matches) == 1
    assert crowd.store.vector(my_id, "v2") is not None


def test_asking_again_embeds_nothing(crowd, embedder):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    n_before = embedder.n_embedded
    crowd.find_matches(my_id)
    assert embedder.n_embedded == n_before


def test_no_more_than_asked_for(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    assert len(crowd.find_matches(my_id, top_n=2).matches) == 2
