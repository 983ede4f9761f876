"""The shown view: the contract on both kinds of stores, and what only PostgreSQL can show."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from matcher.domain.consent import Sharing
from matcher.people.service import People
from matcher.taste.service import Tastes
from storage.server.database import Database
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from tests.fakes.people import FakePeople
from tests.fakes.product_way import choose_sharing, set_sharing
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.people_world import CIPHER
from tests.storage.contracts.shown_view import CLOSED, PLAIN, Room, ShownViewContract, room_over
from tests.storage.contracts.worlds import NOW
from towers.serving.kmeans import SeededKMeans
from wiring.lookalikes import skeleton


def tastes_of(store, model) -> Tastes:
    return Tastes(store, model, SeededKMeans(), lambda: NOW)


def in_memory() -> Room:
    store = FakeListenerStore()

    def people(service) -> People:
        kept = FakePeople(store, service.tastes.show)
        return People(kept, kept, kept, service, store, lambda: NOW, skeleton)

    return room_over(store, FakeTasteStore(store), people, tastes_of)


def on_postgres(database: Database) -> Room:
    store = PostgresListenerStore(database)

    def people(service) -> People:
        consent = PostgresConsentStore(database, service.tastes.show)
        relations, kept = PostgresRelationStore(database), PostgresPersonalData(database, CIPHER)
        return People(consent, relations, kept, service, store, lambda: NOW, skeleton)

    return room_over(store, PostgresTasteStore(database), people, tastes_of)


class TestShownViewInMemory(ShownViewContract):
    @pytest.fixture
    def room(self) -> Room:
        return in_memory()


class TestShownViewOnPostgres(ShownViewContract):
    @pytest.fixture
    def room(self, database: Database) -> Room:
        return on_postgres(database)


def test_a_consent_store_that_cannot_place_anybody_lets_nobody_be_found(database: Database):
    room = on_postgres(database)
    me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
    set_sharing(PostgresConsentStore(database), other, Sharing(tags=False), NOW)
    assert other not in room.scores(me)
    assert room.service.store.own_vector(other, "v1") is None
    room.scores(other)
    assert other in room.scores(me)


def test_what_was_kept_before_there_were_shown_views_is_found_once_its_owner_looks(database: Database):
    room = on_postgres(database)
    me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE profiles SET shown_digest = NULL")
        connection.exec_driver_sql(
            "UPDATE vectors SET own_embedding = embedding, embedding = NULL, weighed = NULL,"
            " rare_items = '{}'"
        )
    assert room.service.store.shown_profiles([other]) == {}
    room.scores(other)
    assert other in room.scores(me)
    assert other in room.service.store.shown_profiles([other])


def test_of_a_refresh_and_a_switch_at_once_the_switch_counts(database: Database):
    room = on_postgres(database)
    me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)

    def act(number: int) -> None:
        if number % 2:
            room.read(other, *PLAIN[number % 3 :])
        else:
            choose_sharing(room.people, other, CLOSED if number == 10 else Sharing(tags=number % 4 == 0))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(10)))
    act(10)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, (1, 3, 5, 7)))
    assert other not in room.scores(me)


def test_the_index_finds_nobody_who_shows_nothing(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.search.neighbours.EXACT_BELOW", 3)
    room = on_postgres(database)
    keys = [room.join(f"l{n}", *PLAIN) for n in range(6)]
    assert room.service.store.index_vectors("v1")
    choose_sharing(room.people, keys[1], CLOSED)
    assert set(room.scores(keys[0])) == set(keys[2:])
