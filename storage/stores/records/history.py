"""Matches shown to listeners, in PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from matcher.domain.digests import storable
from matcher.ports import Look, Place
from storage.server.database import Database
from storage.sql.locks import held, holding
from storage.sql.schema import match_history
from storage.sql.text import row_id

N_KEPT = 2
"""Stored looks per listener: the last, and the one it is compared with."""

_seen = match_history.c


@dataclass(frozen=True, slots=True)
class PostgresHistoryStore:
    """`HistoryStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def looks(self, listener_id: str) -> tuple[Look, ...]:
        mine = select(match_history).where(_seen.listener_id == row_id(listener_id))
        rows = self.database.rows(mine.order_by(_seen.seen_at_utc.desc(), _seen.rank))
        return tuple(_looks(rows))[:N_KEPT]

    def add(self, listener_id: str, look: Look, last: Look | None) -> bool:
        with holding(self.database, listener_id, alone=True) as (connection, mine):
            if _last_moment(connection, mine) != (last and last.seen_at_utc):
                return False
            if last is not None and look.seen_at_utc <= last.seen_at_utc:
                return False
            # insert before delete: new rows lock their listeners, so that an erasure has ended or waits;
            # deleting first could deadlock
            _insert(connection, mine, look)
            _delete_older(connection, mine)
        return True


def _last_moment(connection: Connection, mine: UUID) -> datetime | None:
    moments = select(_seen.seen_at_utc).where(_seen.listener_id == mine)
    return connection.execute(moments.order_by(_seen.seen_at_utc.desc()).limit(1)).scalar()


def _insert(connection: Connection, mine: UUID, look: Look) -> None:
    there = held(connection, [row_id(one.other_id) for one in look.places])
    rows = [_row(mine, look, one) for one in look.places if row_id(one.other_id) in there]
    if rows:
        connection.execute(insert(match_history), rows)


def _row(mine: UUID, look: Look, place: Place) -> dict[str, Any]:
    return {
        "listener_id": mine,
        "seen_at_utc": look.seen_at_utc,
        "other_id": row_id(place.other_id),
        "rank": place.rank,
        "score": place.score,
        "my_digest": look.my_digest,
        "their_digest": place.their_digest,
        "model_version": storable(look.model_version),
    }


def _delete_older(connection: Connection, mine: UUID) -> None:
    moments = select(_seen.seen_at_utc).where(_seen.listener_id == mine).distinct()
    kept = moments.order_by(_seen.seen_at_utc.desc()).limit(N_KEPT)
    connection.execute(delete(match_history).where(_seen.listener_id == mine, _seen.seen_at_utc.not_in(kept)))


def _looks(rows: Sequence[Any]) -> Iterator[Look]:
    for moment, group in groupby(rows, key=lambda row: row.seen_at_utc):
        one = list(group)
        places = tuple(Place(str(row.other_id), row.rank, row.score, row.their_digest) for row in one)
        yield Look(moment.astimezone(UTC), one[0].my_digest, one[0].model_version, places)
