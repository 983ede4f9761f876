"""Libraries and exclusions in PostgreSQL."""

import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.json_codec import library_from_json, library_to_json
from matcher.domain.library import Library
from matcher.errors import InputError
from matcher.ports import Decide, KeptSource, KeptTaste, NewTaste, Show
from matcher.taste.merging import whole_of
from storage.server.database import Database
from storage.sql.locks import holding
from storage.sql.schema import exclusions, libraries, listeners, profiles, sources, training_consents
from storage.sql.text import row_id
from storage.sql.writing import in_place, upsert
from storage.stores.listeners.profiles import keep_profile, keep_views, read_profile
from storage.stores.listeners.switches import read_sharing

MOST_BYTES = 256 * 1024 * 1024
"""Largest uncompressed library."""
_LEVEL = 3
"""zlib level: level 6 takes twice the time for 144 kB instead of 169 kB."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PostgresTasteStore:
    """`TasteStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def library(self, listener_id: str) -> Library | None:
        with self.database.transaction() as connection:
            return _library(connection, listener_id)

    def sources(self, listener_id: str) -> Sequence[KeptSource]:
        with self.database.transaction() as connection:
            return _sources(connection, listener_id)

    def read_times(self, listener_id: str) -> Mapping[str, datetime]:
        query = select(sources.c.origin, sources.c.read_at_utc)
        rows = self.database.rows(query.where(sources.c.listener_id == row_id(listener_id)))
        return {row.origin: row.read_at_utc.astimezone(UTC) for row in rows}

    def exclusions(self, listener_id: str) -> Mapping[Exclusion, datetime]:
        with self.database.transaction() as connection:
            return _exclusions(connection, row_id(listener_id))

    def mark(self, listener_id: str) -> str:
        key = row_id(listener_id)
        every = sources.outerjoin(libraries, _same_source())
        content = select(func.sha256(libraries.c.content)).select_from(every)
        mine = content.where(sources.c.listener_id == key).order_by(sources.c.origin)
        with self.database.transaction() as connection:
            digests = connection.execute(mine).scalars().all()
            things = sorted(f"{one.kind} {one.value}" for one in _exclusions(connection, key))
        if not digests or None in digests:
            return ""
        return sha256(b"".join(digests) + "\n".join(things).encode()).hexdigest()

    def change(self, listener_id: str, decide: Decide, now: datetime) -> tuple[NewTaste, bool]:
        """Concurrent changes run one after the other.

        Raises:
            InputError: the library is too large to be stored.
        """
        with holding(self.database, listener_id, alone=True) as (connection, key):
            kept = kept_taste(connection, key)
            new = decide(kept)
            if new.stored is None:
                raise ValueError("a new taste needs a vector")
            read_at = now if new.library is not None else _read_at(connection, key) or now
            if new.library is not None:
                _write_library(connection, key, new.library, now)
            if new.removed:
                for table in (libraries, sources):
                    gone = (table.c.listener_id == key, table.c.origin == new.removed)
                    connection.execute(delete(table).where(*gone))
            _write_exclusions(connection, key, kept.exclusions, new.exclusions, now)
            return new, keep_profile(connection, key, new, read_at)

    def renew(self, listener_id: str, show: Show) -> NewTaste | None:
        with holding(self.database, listener_id, alone=True) as (connection, key):
            return renew(connection, key, show)


def kept_taste(connection: Connection, key: UUID) -> KeptTaste:
    """Stored taste of a locked listener."""
    return KeptTaste(
        exclusions=frozenset(_exclusions(connection, key)),
        library=partial(_library, connection, str(key)),
        sharing=read_sharing(connection, key),
        profile=partial(read_profile, connection, key),
        libraries=partial(_libraries, connection, str(key)),
    )


def renew(connection: Connection, key: UUID, show: Show) -> NewTaste | None:
    """Rebuild both views of a locked listener; None without a profile."""
    new = show(kept_taste(connection, key))
    if new is not None:
        keep_views(connection, key, new)
    return new


def pack(library: Library) -> bytes:
    """A library as compressed JSON; equal libraries give equal bytes.

    Raises:
        InputError: it is too large to be stored.
    """
    text = json.dumps(library_to_json(library), separators=(",", ":"), allow_nan=False).encode()
    if len(text) > MOST_BYTES:
        raise InputError("the library is too large to be kept")
    return zlib.compress(text, _LEVEL)


def unpack(content: bytes) -> dict[str, Any]:
    """Inverse of `pack`, as JSON-ready values.

    Raises:
        ValueError: the content was not made by `pack`.
    """
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise ValueError("the library cannot be unpacked") from error
    if not unpacker.eof:
        raise ValueError("the library unpacks to more than it may, or is cut off")
    return dict(json.loads(text))


def _library(connection: Connection, listener_id: str) -> Library | None:
    return whole_of(_sources(connection, listener_id))


def _libraries(connection: Connection, listener_id: str) -> dict[str, Library]:
    found = _sources(connection, listener_id)
    return {one.origin: one.library for one in found if one.library is not None}


def _sources(connection: Connection, listener_id: str) -> list[KeptSource]:
    rows = connection.execute(
        select(sources, libraries.c.content)
        .select_from(sources.outerjoin(libraries, _same_source()))
        .where(sources.c.listener_id == row_id(listener_id))
        .order_by(sources.c.read_at_utc, sources.c.origin)
    ).all()
    return [
        KeptSource(row.origin, row.read_at_utc.astimezone(UTC), _opened(row.content, listener_id), row.proven)
        for row in rows
    ]


def _same_source() -> ColumnElement[bool]:
    return and_(libraries.c.listener_id == sources.c.listener_id, libraries.c.origin == sources.c.origin)


def _opened(content: bytes | None, listener_id: str) -> Library | None:
    if content is None:
        return None
    try:
        return library_from_json(listener_id, unpack(content))
    except (ValueError, KeyError, TypeError, AttributeError):
        _LOG.warning("a kept library cannot be read; it has to be read from its source again")
        return None


def _exclusions(connection: Connection, key: UUID) -> dict[Exclusion, datetime]:
    columns = exclusions.c.kind, exclusions.c.value, exclusions.c.excluded_at_utc
    query = select(*columns).where(exclusions.c.listener_id == key).order_by(*reversed(columns))
    rows = connection.execute(query).all()
    return {Exclusion(Kind(kind), value): since.astimezone(UTC) for kind, value, since in rows}


def _read_at(connection: Connection, key: UUID) -> datetime | None:
    query = select(profiles.c.synced_at_utc).where(profiles.c.listener_id == key)
    return connection.execute(query).scalar()


def _write_library(connection: Connection, key: UUID, library: Library, now: datetime) -> None:
    mine = {"listener_id": key, "origin": library.origin}
    connection.execute(upsert(sources, **mine, read_at_utc=now, proven=library.proven))
    if not library.proven:
        hidden = update(listeners).where(listeners.c.id == key, listeners.c.discoverable)
        connection.execute(hidden.values(discoverable=False))
        agreed = (training_consents.c.listener_id == key, training_consents.c.origin == library.origin)
        connection.execute(delete(training_consents).where(*agreed))
    kept = {**mine, "content": pack(library)}
    connection.execute(in_place(insert(libraries).values(kept), kept, if_changed=True))


def _write_exclusions(
    connection: Connection,
    key: UUID,
    before: frozenset[Exclusion],
    after: frozenset[Exclusion],
    now: datetime,
) -> None:
    if gone := [(one.kind, one.value) for one in before - after]:
        which = tuple_(exclusions.c.kind, exclusions.c.value).in_(gone)
        connection.execute(delete(exclusions).where(exclusions.c.listener_id == key, which))
    if new := [{"kind": one.kind, "value": one.value} for one in after - before]:
        rows = [{"listener_id": key, **one, "excluded_at_utc": now} for one in new]
        connection.execute(insert(exclusions).values(rows))
