"""What all tests share: no network but loopback, and a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from storage.server.database import Database, open_database
from storage.server.migrate import upgrade
from storage.sql.schema import metadata
from storage.stores.listeners.listeners import PostgresListenerStore

pytest.register_assert_rewrite("tests.storage.contracts")


def pytest_runtest_setup() -> None:
    """No socket but loopback and those of this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def migrated() -> Iterator[Database]:
    """An embedded PostgreSQL of this test process, with the schema in it."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-"))
    database = open_database(None, folder)
    upgrade(database)
    yield database
    database.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(migrated: Database) -> Database:
    """The same, emptied before the test: no rows, and no search index of an earlier test's vectors."""
    names = ", ".join(metadata.tables)
    with migrated.upkeep() as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
    PostgresListenerStore(migrated).index_vectors("a model that nothing was embedded with")
    return migrated
