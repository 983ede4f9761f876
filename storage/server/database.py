"""Database connections, transactions, locks."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVarTuple

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    Row,
    Select,
    UpdateBase,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
    true,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from matcher.errors import SettingsError
from storage.server import roles
from storage.server.embedded import EmbeddedServer, open_server
from storage.server.errors import reachable

LIMITS = {
    "statement_timeout": "30s",  # no page waits longer; bulk work sets `patient`
    "idle_in_transaction_session_timeout": "60s",
}
"""Time limits of statements and transactions."""

NETWORK = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms; detects a lost server while a statement is being sent
    "application_name": "earshot",
}
"""Timeouts for detecting a lost server."""


class _NoDetail(logging.Filter):
    """Drops DEBUG records."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


# At DEBUG, SQLAlchemy logs every row it reads: PKCE verifiers, names, music. `hide_parameters` hides only
# what is sent. A filter, because a level can be lowered again.
for _name in (
    "sqlalchemy.engine",
    "sqlalchemy.engine.Engine",
    "sqlalchemy.pool",
    "sqlalchemy.orm",
    "psycopg",
):
    logging.getLogger(_name).addFilter(_NoDetail())

_Columns = TypeVarTuple("_Columns")
_LOCK_TIMES = {"lock_timeout": "60s", "statement_timeout": "70s"}


@dataclass(frozen=True, slots=True)
class Database:
    """An open PostgreSQL database with pgvector. Thread-safe.

    `engine` connects as the app role, tested before use, and `owner` as the tables' owner, for migrations and
    search indexes; the two roles may be the same.
    """

    engine: Engine
    owner: Engine
    _unpooled: Engine
    _server: EmbeddedServer | None

    @contextmanager
    def transaction(self, patient: bool = False) -> Iterator[Connection]:
        """A connection in a transaction, rolled back on errors; `patient`: no time limit.

        Raises:
            StorageUnreachable: the database does not respond in time.
            StorageUnusable: the database lacks something that Earshot needs.
            UnknownListener: a row refers to a listener who does not exist.
        """
        with reachable(), self.engine.begin() as connection:
            if patient:
                be_patient(connection)
            yield connection

    def rows(self, query: Select[*_Columns]) -> Sequence[Row[*_Columns]]:
        """Rows of a query, in its own transaction; raises as `transaction`."""
        with self.transaction() as connection:
            return connection.execute(query).all()

    def scalar(self, query: Select[*tuple[Any, ...]]) -> Any:
        """First value of the first row, or None; raises as `transaction`."""
        with self.transaction() as connection:
            return connection.execute(query).scalar()

    def write(self, statement: UpdateBase) -> int:
        """Execute a statement in its own transaction; return the number of rows written."""
        with self.transaction() as connection:
            return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount

    @contextmanager
    def upkeep(self) -> Iterator[Connection]:
        """A patient transaction of the tables' owner; raises as `transaction`."""
        with reachable(), self.owner.begin() as connection:
            be_patient(connection)
            yield connection

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a named lock across all processes.

        Raises:
            StorageUnreachable: the database does not respond, or the lock was not free within a minute.
        """
        with reachable():
            # its own connection, so that locks never exhaust the pool
            connection = self._unpooled.connect()
        try:
            with reachable():
                set_for_transaction(connection, _LOCK_TIMES)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})
            yield
        finally:
            with suppress(DBAPIError):  # a broken connection has released the lock as well
                connection.close()

    def close(self) -> None:
        """Close all connections; the last user of an embedded server stops it."""
        self.engine.dispose()
        self.owner.dispose()
        if self._server is not None:
            self._server.release()


def be_patient(connection: Connection) -> None:
    """Remove the time limit of statements in this transaction."""
    set_for_transaction(connection, {"statement_timeout": "0"})


def set_for_transaction(connection: Connection, options: Mapping[str, str]) -> None:
    """Set PostgreSQL options for the rest of the transaction."""
    connection.execute(select(*(func.set_config(name, value, true()) for name, value in options.items())))


def open_database(url: str | None, folder: Path, owner_url: str | None = None) -> Database:
    """Open the database, without migrating it (see `storage.server.migrate`).

    `url` is for the app role, or None for an embedded server in `folder`; `owner_url` is for the tables'
    owner, if that is another role.

    Raises:
        SettingsError: `url` is not the address of a PostgreSQL.
        StorageUnreachable: the embedded server does not start.
    """
    server = None if url else open_server(folder)
    address = server.url_as(roles.APP) if server else _address(url or "")
    owner = server.url_as(roles.OWNER) if server else _address(owner_url) if owner_url else address
    return Database(
        engine=_engine(address, server, **_POOL),
        owner=_engine(owner, server, poolclass=NullPool),
        _unpooled=_engine(address, server, poolclass=NullPool),
        _server=server,
    )


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            "the database URL cannot be read: write it like postgresql://user:password@host:5432/database"
        ) from error
    if address.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingsError("the database URL must begin with postgresql://")
    if address.port is not None and not 0 < address.port < 65_536:
        raise SettingsError("the port in the database URL must be between 1 and 65535")
    return address.set(drivername="postgresql+psycopg")


_POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 15, "pool_pre_ping": True}


def _engine(address: URL, server: EmbeddedServer | None, **pool: Any) -> Engine:
    engine = create_engine(address, connect_args=_connect_args(address), hide_parameters=True, **pool)
    if server is not None:
        _revive_on_connect(engine, server)
    return engine


def _connect_args(address: URL) -> dict[str, Any]:
    """Arguments of the driver; those in the address take precedence."""
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    theirs = address.query.get("options", "")
    options = f"{limits} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".strip()
    given = {**NETWORK, "sslmode": sslmode_for(address)}
    return {name: value for name, value in given.items() if name not in address.query} | {"options": options}


def sslmode_for(address: URL) -> str:
    """Require encryption, except on this machine or to a container beside it.

    A container of the same network has a name without a dot. `sslmode=…` in the URL takes precedence.
    """
    hosts = [
        address.host or "",
        *_listed(address.query.get("host", "")),
        *_listed(address.query.get("hostaddr", "")),
    ]
    return "prefer" if all(map(_is_near, hosts)) else "require"


def _listed(value: str | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_near(host: str) -> bool:
    """Whether a host is a socket, this machine, or a name without a dot."""
    if host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host


def _revive_on_connect(engine: Engine, server: EmbeddedServer) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> Any:
        try:
            return psycopg.connect(**parameters)
        except psycopg.OperationalError:
            server.revive()
            return psycopg.connect(**parameters | _place(server))


def _place(server: EmbeddedServer) -> dict[str, Any]:
    """Host and port, which may change when the server restarts."""
    return {name: server.url_as(roles.APP).query[name] for name in ("host", "port")}


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
