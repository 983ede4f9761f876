import pytest

from storage.search.map_points import PostgresPositionStore
from storage.server.database import Database
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.people.consent import PostgresConsentStore
from tests.fakes.people import FakePeople
from tests.fakes.stores import FakeListenerStore, FakePositionStore
from tests.storage.contracts.position_store import PositionStoreContract


class TestFakePositionStore(PositionStoreContract):
    @pytest.fixture
    def listeners(self):
        return FakeListenerStore()

    @pytest.fixture
    def store(self, listeners):
        return FakePositionStore(listeners)

    @pytest.fixture
    def consent(self, listeners):
        return FakePeople(listeners)


class TestPostgresPositionStore(PositionStoreContract):
    @pytest.fixture
    def listeners(self, database: Database):
        return PostgresListenerStore(database)

    @pytest.fixture
    def store(self, database: Database):
        return PostgresPositionStore(database)

    @pytest.fixture
    def consent(self, database: Database):
        return PostgresConsentStore(database)
