"""Every contract, on PostgreSQL and on the fake."""

import pytest
from cryptography.fernet import Fernet

from matcher.domain.listening import Source
from matcher.errors import UnknownListener
from matcher.ports import Account
from storage.server.database import Database
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.music.attribute_answers import PostgresAttributeCache
from storage.stores.music.attributes import PostgresAttributeStore
from storage.stores.music.cooldowns import PostgresCooldownStore
from storage.stores.music.item_ids import PostgresItemIdStore
from storage.stores.music.made_playlists import PostgresMadePlaylistStore
from storage.stores.records.change_counts import PostgresPaceStore
from storage.stores.records.feedback import PostgresFeedbackStore
from storage.stores.records.history import PostgresHistoryStore
from storage.stores.records.models import PostgresModelRegistry
from storage.stores.signing_in.cipher import GrantCipher
from storage.stores.signing_in.grants import PostgresGrantStore
from storage.stores.signing_in.pending_logins import PostgresPendingLoginStore
from storage.stores.signing_in.recovery_keys import PostgresRecoveryKeyStore
from storage.stores.signing_in.sessions import PostgresSessionStore
from storage.stores.signing_in.waiting_sign_ins import PostgresWaitingSignInStore
from tests.fakes.records import (
    FakeAttributeCache,
    FakeFeedbackStore,
    FakeHistoryStore,
    FakeItemIdStore,
    FakeMadePlaylistStore,
    FakeModelRegistry,
    FakePaceStore,
)
from tests.fakes.spotify import FakeCooldownStore
from tests.fakes.stores import (
    FakeAttributeStore,
    FakeGrantStore,
    FakeListenerStore,
    FakePendingLoginStore,
    FakeRecoveryKeyStore,
    FakeSessionStore,
    FakeWaitingSignInStore,
)
from tests.storage.contracts.attribute_store import AttributeStoreContract
from tests.storage.contracts.cooldown_store import CooldownStoreContract
from tests.storage.contracts.listener_store import ListenerStoreContract
from tests.storage.contracts.login_stores import (
    GrantStoreContract,
    PendingLoginStoreContract,
    RecoveryKeyStoreContract,
    SessionStoreContract,
    WaitingSignInStoreContract,
)
from tests.storage.contracts.records import (
    AttributeCacheContract,
    FeedbackStoreContract,
    HistoryStoreContract,
    ItemIdStoreContract,
    MadePlaylistStoreContract,
    ModelRegistryContract,
    PaceStoreContract,
)
from tests.storage.contracts.worlds import NOW, STRANGER


class _Fake:
    @pytest.fixture
    def me(self) -> str:
        return "3f0c8a52-5d0e-4d5f-9d0a-0f4f6f8f2b11"


class _Postgres:
    @pytest.fixture
    def me(self, database: Database) -> str:
        account = Account("spotify:me")
        return PostgresListenerStore(database).connect(account, Source.TABLE, "x", NOW).listener_id


class _SomeFakes:
    @pytest.fixture
    def ids(self) -> list[str]:
        return [f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 5)]


class _SomeListeners:
    @pytest.fixture
    def ids(self, database: Database) -> list[str]:
        store = PostgresListenerStore(database)
        made = [store.connect(Account(f"spotify:{n}"), Source.TABLE, "x", NOW) for n in range(4)]
        return sorted(one.listener_id for one in made)


class TestFakeListenerStore(ListenerStoreContract):
    @pytest.fixture
    def store(self):
        return FakeListenerStore()


class TestPostgresListenerStore(ListenerStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresListenerStore(database)


class TestFakeGrantStore(_Fake, GrantStoreContract):
    @pytest.fixture
    def store(self):
        return FakeGrantStore()


class TestPostgresGrantStore(_Postgres, GrantStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresGrantStore(database, GrantCipher([Fernet.generate_key()]))


class TestFakeSessionStore(_Fake, SessionStoreContract):
    @pytest.fixture
    def store(self):
        return FakeSessionStore()


class TestPostgresSessionStore(_Postgres, SessionStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresSessionStore(database)


class TestFakeRecoveryKeyStore(_Fake, RecoveryKeyStoreContract):
    @pytest.fixture
    def store(self):
        return FakeRecoveryKeyStore()


class TestPostgresRecoveryKeyStore(_Postgres, RecoveryKeyStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresRecoveryKeyStore(database)

    def test_an_erased_listener_gets_no_key(self, store: PostgresRecoveryKeyStore):
        with pytest.raises(UnknownListener):
            store.keep(STRANGER, "ab" * 32, NOW)


class TestFakePendingLoginStore(_Fake, PendingLoginStoreContract):
    @pytest.fixture
    def store(self):
        return FakePendingLoginStore()


class TestPostgresPendingLoginStore(_Postgres, PendingLoginStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresPendingLoginStore(database)


class TestFakeAttributeStore(AttributeStoreContract):
    @pytest.fixture
    def store(self):
        return FakeAttributeStore()


class TestPostgresAttributeStore(AttributeStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresAttributeStore(database)


class TestFakeCooldownStore(CooldownStoreContract):
    @pytest.fixture
    def store(self):
        return FakeCooldownStore()


class TestPostgresCooldownStore(CooldownStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresCooldownStore(database)


class TestFakeFeedbackStore(_SomeFakes, FeedbackStoreContract):
    @pytest.fixture
    def store(self, ids: list[str]):
        return FakeFeedbackStore(ids)


class TestPostgresFeedbackStore(_SomeListeners, FeedbackStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresFeedbackStore(database)


class TestFakeHistoryStore(_SomeFakes, HistoryStoreContract):
    @pytest.fixture
    def store(self, ids: list[str]):
        return FakeHistoryStore(ids)


class TestPostgresHistoryStore(_SomeListeners, HistoryStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresHistoryStore(database)


class TestFakeModelRegistry(ModelRegistryContract):
    @pytest.fixture
    def store(self):
        return FakeModelRegistry()


class TestPostgresModelRegistry(ModelRegistryContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresModelRegistry(database)


class TestFakeAttributeCache(AttributeCacheContract):
    @pytest.fixture
    def store(self):
        return FakeAttributeCache()


class TestPostgresAttributeCache(AttributeCacheContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresAttributeCache(database)


class TestFakeItemIdStore(ItemIdStoreContract):
    @pytest.fixture
    def store(self):
        return FakeItemIdStore()


class TestPostgresItemIdStore(ItemIdStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresItemIdStore(database)


class TestFakeMadePlaylistStore(_SomeFakes, MadePlaylistStoreContract):
    @pytest.fixture
    def store(self, ids: list[str]):
        return FakeMadePlaylistStore(ids)


class TestPostgresMadePlaylistStore(_SomeListeners, MadePlaylistStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresMadePlaylistStore(database)


class TestFakeWaitingSignInStore(_Fake, WaitingSignInStoreContract):
    @pytest.fixture
    def store(self):
        return FakeWaitingSignInStore()


class TestPostgresWaitingSignInStore(_Postgres, WaitingSignInStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresWaitingSignInStore(database, GrantCipher([Fernet.generate_key()]))


class TestFakePaceStore(_SomeFakes, PaceStoreContract):
    @pytest.fixture
    def store(self, ids: list[str]):
        return FakePaceStore(ids)


class TestPostgresPaceStore(_SomeListeners, PaceStoreContract):
    @pytest.fixture
    def store(self, database: Database):
        return PostgresPaceStore(database)
