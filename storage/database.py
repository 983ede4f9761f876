"""The database: connections, transactions, locks."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from matcher.errors import SettingsError
from storage.embedded import EmbeddedServer, open_server
from storage.errors import reachable

_CONNECT_TIMEOUT_S = 10
_LOCK_TIMEOUT = "60s"


@dataclass(frozen=True, slots=True)
class Database:
    """An open PostgreSQL with pgvector. Safe to share between threads.

    Attributes:
        engine: pooled connections, each tried before use.
    """

    engine: Engine
    _unpooled: Engine
    _server: EmbeddedServer | None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back when anything is raised.

        Raises:
            StorageUnreachable: the database does not answer.
            UnknownListener: a row was to be kept for a listener who does not exist.
        """
        with reachable(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a named lock alone, over every process that shares the database.

        The lock has a connection of its own, so that holders of locks never use up the pool.

        Raises:
            StorageUnreachable: the database does not answer, or the lock was not free within a minute.
        """
        with reachable():
            connection = self._unpooled.connect()
        try:
            with reachable():
                connection.execute(text("SELECT set_config('lock_timeout', :t, true)"), {"t": _LOCK_TIMEOUT})
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})
            yield
        finally:
            with suppress(DBAPIError):  # a connection that broke has let go of the lock as well
                connection.close()

    def close(self) -> None:
        """Close all connections; the last user of an embedded server stops it."""
        self.engine.dispose()
        if self._server is not None:
            self._server.release()


def open_database(url: str | None, folder: Path) -> Database:
    """Open the database. Its schema is left as it is: see `storage.migrate`.

    Args:
        url: of a PostgreSQL with pgvector; None for an embedded one.
        folder: where the embedded one keeps its data; not looked at when `url` is given.

    Raises:
        SettingsError: `url` is not the address of a PostgreSQL.
        StorageUnreachable: the embedded server does not start.
    """
    server = None if url else open_server(folder)
    address = server.url if server else _address(url or "")
    return Database(_engine(address, server), _engine(address, server, poolclass=NullPool), server)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise SettingsError("the database URL cannot be read") from error
    if address.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingsError("the database URL must begin with postgresql://")
    return address.set(drivername="postgresql+psycopg")


def _engine(address: URL, server: EmbeddedServer | None, **options: Any) -> Engine:
    pool = options or {"pool_size": 10, "max_overflow": 20, "pool_timeout": 15, "pool_pre_ping": True}
    engine = create_engine(
        address, connect_args={"connect_timeout": _CONNECT_TIMEOUT_S}, hide_parameters=True, **pool
    )
    if server is not None:
        _revive_on_connect(engine, server)
    return engine


def _revive_on_connect(engine: Engine, server: EmbeddedServer) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> Any:
        try:
            return psycopg.connect(**parameters)
        except psycopg.OperationalError:
            server.revive()
            return psycopg.connect(**parameters | _place(server))


def _place(server: EmbeddedServer) -> dict[str, Any]:
    """Host and port, which a server that was started again may have changed."""
    return {name: server.url.query[name] for name in ("host", "port")}


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
