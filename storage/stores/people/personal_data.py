"""Export of all data about a listener."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, Connection, RowMapping, Text, cast, select

from storage.server.database import Database
from storage.sql.audit import EXPORT, note
from storage.sql.locks import holding
from storage.sql.schema import (
    by_others,
    columns_that_name_a_listener,
    connections,
    grants,
    libraries,
    listeners,
    match_history,
    pending_logins,
    recovery_keys,
    safeguards,
    service_names,
    sessions,
    vectors,
    waiting_sign_ins,
)
from storage.stores.listeners.tastes import unpack
from storage.stores.signing_in.cipher import GrantCipher

SOMEBODY = "(another listener)"
KEPT_BACK = "(a secret; not given out)"
OF_ANOTHER = "(says how near another listener is, or what they hear; not given out)"


_SECRETS: tuple[Column[Any], ...] = (
    sessions.c.session_hash,
    recovery_keys.c.key_hash,
    *(safeguards.c.by_fingerprint, safeguards.c.about_fingerprint),
    *(pending_logins.c.state, pending_logins.c.verifier, pending_logins.c.browser_hash),
    *(waiting_sign_ins.c.browser_hash, waiting_sign_ins.c.ciphertext),
)
_VECTORS: tuple[Column[Any], ...] = (vectors.c.embedding, vectors.c.own_embedding)


@dataclass(frozen=True, slots=True)
class PostgresPersonalData:
    """`PersonalDataStore` on PostgreSQL, with the same columns as an erasure."""

    database: Database
    cipher: GrantCipher

    def export(self, listener_id: str, now: datetime) -> Mapping[str, Any]:
        """Others appear by alias; of their acts, only connections are exported."""
        # Counts of blocks or looks would give others away even without a name: one row more tells
        # a block from a departure, and an account matched with one person alone sees when they look.
        with holding(self.database, listener_id) as (connection, key):
            note(connection, EXPORT, {"exports": 1}, now, key)
            found: dict[str, Any] = {"exported_at_utc": now.isoformat()}
            for column in (listeners.c.id, *sorted(_given_out(), key=_own_rows_first)):
                rows = [self._row(row, column, key) for row in _rows(connection, column, key)]
                found.setdefault(column.table.name, []).extend(rows)
            return _named(found, _aliases(connection, found), key)

    def _row(self, row: RowMapping, named_by: Column[Any], key: UUID) -> dict[str, Any]:
        table, mine = named_by.table, named_by.name in {"id", "listener_id", "by_id"}
        return {column.name: self._value(row[column.name], column, mine, key) for column in table.columns}

    def _value(self, value: Any, column: Column[Any], mine: bool, key: UUID) -> Any:
        readers: dict[Column[Any], Callable[[Any], Any]] = {
            grants.c.ciphertext: partial(self._grant, str(key)),
            service_names.c.ciphertext: partial(self._name, str(key)),
            **dict.fromkeys(_SECRETS, lambda _: KEPT_BACK),
            match_history.c.score: lambda _: OF_ANOTHER,
            _digest_of_another(mine): lambda _: OF_ANOTHER,
            libraries.c.content: _library,
            **dict.fromkeys(_VECTORS, _numbers),
        }
        if column in readers:
            return readers[column](value)
        if isinstance(value, UUID) and value != key:
            return value if mine or column.table is connections else SOMEBODY
        return _plain(value)

    def _name(self, listener_id: str, ciphertext: bytes) -> str:
        try:
            return self.cipher.open_name(listener_id, ciphertext)
        except InvalidToken:
            return KEPT_BACK

    def _grant(self, listener_id: str, ciphertext: bytes) -> Any:
        try:
            grant = self.cipher.open(listener_id, ciphertext)
        except InvalidToken:
            return KEPT_BACK
        return {
            "scopes": sorted(grant.scopes),
            "authorized_at_utc": grant.authorized_at_utc.isoformat(),
            "expires_at_utc": grant.expires_at_utc.isoformat(),
            "tokens": KEPT_BACK,
        }


def _rows(connection: Connection, column: Column[Any], key: UUID) -> list[RowMapping]:
    table = column.table
    columns = [cast(one, Text).label(one.name) if one in set(_VECTORS) else one for one in table.columns]
    query = select(*columns).where(column == key).order_by(*table.primary_key.columns)
    return list(connection.execute(query).mappings())


def _library(content: bytes) -> Any:
    """A library as JSON-ready values; Base64 if it has another format."""
    try:
        return unpack(content)
    except (ValueError, TypeError):
        return {"base64": base64.b64encode(content).decode("ascii")}


def _numbers(vector: str | None) -> list[float] | None:
    return None if vector is None else [float(one) for one in json.loads(vector)]


def _given_out() -> list[Column[Any]]:
    """Columns whose rows are exported to the listener in them."""
    return [one for one in columns_that_name_a_listener() if one not in by_others()]


def _own_rows_first(column: Column[Any]) -> tuple[bool, str]:
    return column.name != "listener_id", column.table.name


def _digest_of_another(mine: bool) -> Column[Any]:
    return match_history.c.their_digest if mine else match_history.c.my_digest


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value) if isinstance(value, UUID) else value


def _aliases(connection: Connection, found: Mapping[str, Any]) -> dict[UUID, str]:
    rows = (row for table in found.values() if isinstance(table, list) for row in table)
    others = {value for row in rows for value in row.values() if isinstance(value, UUID)}
    query = select(listeners.c.id, listeners.c.alias).where(listeners.c.id.in_(others))
    return {row.id: row.alias for row in connection.execute(query)}


def _named(found: dict[str, Any], aliases: Mapping[UUID, str], key: UUID) -> dict[str, Any]:
    def named(value: Any) -> Any:
        return aliases.get(value, SOMEBODY) if isinstance(value, UUID) else value

    return {
        name: [{column: named(value) for column, value in row.items()} for row in rows]
        if isinstance(rows, list)
        else rows
        for name, rows in found.items()
    }
