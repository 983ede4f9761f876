"""The taste store, on the fake and on PostgreSQL, and what only PostgreSQL can do wrong."""

import json
import zlib

import pytest
from hypothesis import given
from sqlalchemy import select, update

from matcher.domain.json_codec import library_to_json
from matcher.domain.listening import Source
from matcher.errors import InputError
from matcher.ports import Account
from storage.server.database import Database
from storage.sql.schema import exclusions, libraries, profiles, vectors
from storage.stores.listeners import tastes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore, pack, unpack
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.strategies import libraries as some_libraries
from tests.storage.contracts.taste_store import LOW, TasteStoreContract, leave_out, library, read
from tests.storage.contracts.worlds import LATER, NOW


class TestFakeTasteStore(TasteStoreContract):
    @pytest.fixture
    def listeners(self):
        return FakeListenerStore()

    @pytest.fixture
    def store(self, listeners):
        return FakeTasteStore(listeners)


class TestPostgresTasteStore(TasteStoreContract):
    @pytest.fixture
    def listeners(self, database: Database):
        return PostgresListenerStore(database)

    @pytest.fixture
    def store(self, database: Database):
        return PostgresTasteStore(database)


@pytest.fixture
def me(database: Database) -> str:
    return PostgresListenerStore(database).connect(Account("me"), Source.TABLE, "x", NOW).listener_id


@given(some_libraries)
def test_a_packed_library_unpacks_to_what_it_was(found):
    assert unpack(pack(found)) == json.loads(json.dumps(library_to_json(found)))


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", zlib.compress(b"{"), zlib.compress(b"{}"), zlib.compress(b"[1]"), b"\x78\x9c"],
)
def test_a_library_that_cannot_be_read_has_to_be_read_anew(database: Database, me: str, content: bytes):
    store = PostgresTasteStore(database)
    store.change(me, read(library("low")), NOW)
    with database.transaction() as connection:
        connection.execute(update(libraries).values(content=content))
    assert store.library(me) is None
    store.change(me, read(library("low")), LATER)
    assert store.library(me) is not None


def test_what_unpacks_to_more_than_it_may_is_refused(monkeypatch: pytest.MonkeyPatch):
    bomb = zlib.compress(b" " * 10_000 + b"{}")
    assert unpack(bomb) == {}
    monkeypatch.setattr(tastes, "MOST_BYTES", 9_999)
    with pytest.raises(ValueError, match="more than it may"):
        unpack(bomb)


def test_a_library_that_is_too_large_is_not_kept(
    database: Database, me: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tastes, "MOST_BYTES", 100)
    with pytest.raises(InputError):
        PostgresTasteStore(database).change(me, read(library("low", "can")), NOW)
    assert PostgresListenerStore(database).profile(me) is None


def test_a_crash_while_writing_leaves_everything_as_it_was(
    database: Database, me: str, monkeypatch: pytest.MonkeyPatch
):
    store = PostgresTasteStore(database)
    store.change(me, read(library("low", "can")), NOW)
    before = contents(database)

    def crash(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(tastes, "keep_profile", crash)
    for decide in (leave_out(LOW), read(library("neu"))):
        with pytest.raises(KeyboardInterrupt):
            store.change(me, decide, LATER)
    assert contents(database) == before


def contents(database: Database):
    with database.transaction() as connection:
        return [connection.execute(select(one)).all() for one in (libraries, exclusions, profiles)]


def test_an_unchanged_library_is_not_written_again(database: Database, me: str):
    store = PostgresTasteStore(database)
    store.change(me, read(library("low", "can")), NOW)
    before = versions(database)
    store.change(me, read(library("low", "can")), LATER)
    assert versions(database) == before


def versions(database: Database):
    """Where the rows lie: another place is another version of the row."""
    with database.transaction() as connection:
        return [
            connection.exec_driver_sql(f"SELECT ctid::text, xmin::text FROM {one.name}").all()
            for one in (libraries, vectors)
        ]
