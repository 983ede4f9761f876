"""Counts of taste changes in PostgreSQL, shared by all replicas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from matcher.ports.records import Limits
from storage.server.database import Database
from storage.sql.locks import holding, take
from storage.sql.schema import taste_pace


@dataclass(frozen=True, slots=True)
class PostgresPaceStore:
    """`PaceStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def take(self, listener_id: str, act: str, what: str, now: datetime, limits: Limits) -> datetime | None:
        digest = sha256(what.encode("utf-8", "surrogatepass")).hexdigest() if what else ""
        with holding(self.database, listener_id) as (connection, key):
            take(connection, f"earshot:pace:{key}")
            _forget(connection, key, now, limits)
            before = _before(connection, key, act)
            if digest and any(one == digest for one, _ in before):
                return None
            again_at = free_at([at for _, at in before], now, limits)
            if again_at is None:
                row = {"listener_id": key, "act": act, "what": digest, "happened_at_utc": now}
                connection.execute(insert(taste_pace).values(row))
        return again_at


def free_at(before: Iterable[datetime], now: datetime, limits: Limits) -> datetime | None:
    """Time of the next change within all limits, or None for now.

    `before` is latest first; a limit is the most changes, and their time span.
    """
    moments = list(before)
    ends = [moments[most - 1] + within for most, within in limits if len(moments) >= most]
    later = [end for end in ends if end > now]
    return max(later, default=None)


def _forget(connection: Connection, key: UUID, now: datetime, limits: Limits) -> None:
    over = taste_pace.c.happened_at_utc <= now - max(within for _, within in limits)
    connection.execute(delete(taste_pace).where(taste_pace.c.listener_id == key, over))


def _before(connection: Connection, key: UUID, act: str) -> list[tuple[str, datetime]]:
    columns = (taste_pace.c.what, taste_pace.c.happened_at_utc)
    mine = (taste_pace.c.listener_id == key, taste_pace.c.act == act)
    query = select(*columns).where(*mine).order_by(taste_pace.c.happened_at_utc.desc())
    return [(what, at.astimezone(UTC)) for what, at in connection.execute(query)]
