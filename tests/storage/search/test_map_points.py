import pytest
from sqlalchemy import update

from storage.search.map_points import PostgresPositionStore
from storage.server.database import Database
from storage.sql.schema import listeners as people
from storage.stores.listeners.listeners import PostgresListenerStore
from tests.fakes.stores import FakeListenerStore, FakePositionStore
from tests.storage.contracts.position_store import AXES, PositionStoreContract
from tests.storage.contracts.worlds import NOW, VERSION, aliases, candidates, random_units


class TestFakePositionStore(PositionStoreContract):
    @pytest.fixture
    def listeners(self):
        return FakeListenerStore()

    @pytest.fixture
    def store(self, listeners):
        return FakePositionStore(listeners)


class TestPostgresPositionStore(PositionStoreContract):
    @pytest.fixture
    def listeners(self, database: Database):
        return PostgresListenerStore(database)

    @pytest.fixture
    def store(self, database: Database):
        return PostgresPositionStore(database)

    def test_who_has_paused_has_none(self, database, listeners, store):
        listeners.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOW)
        with database.transaction() as connection:
            connection.execute(update(people).values(paused=True))
        assert store.sample_products(AXES, VERSION, 10).shape == (0, 2)
