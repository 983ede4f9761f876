"""Sessions in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, false, func, insert, not_, select, update

from matcher.domain.digests import storable
from matcher.ports import OpenSession
from storage.server.database import Database
from storage.sql.schema import listeners, sessions
from storage.sql.text import row_id
from storage.sql.writing import drop_rows
from storage.stores.lifetime.retention import day_of


@dataclass(frozen=True, slots=True)
class PostgresSessionStore:
    """`SessionStore` on PostgreSQL."""

    database: Database

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        """Also deletes expired sessions."""
        row = insert(sessions).values(
            session_hash=session_hash,
            listener_id=row_id(listener_id),
            begun_at_utc=now,
            expires_at_utc=expires_at_utc,
        )
        with self.database.transaction() as connection:
            # lock the listener before the sessions, as an erasure does
            _note_visit(connection, listeners.c.id == row_id(listener_id), now)
            connection.execute(row)
            drop_rows(connection, sessions, sessions.c.expires_at_utc <= now)

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        query = select(sessions.c.listener_id).where(
            sessions.c.session_hash == storable(session_hash), sessions.c.expires_at_utc > now
        )
        found = self.database.scalar(query)
        return None if found is None else str(found)

    def prolong(self, session_hash: str, now: datetime, until: datetime, most: timedelta) -> None:
        """Writes at most once a day (UTC), so that page views rarely write."""
        mine = (sessions.c.session_hash == storable(session_hash), sessions.c.expires_at_utc > now)
        end = func.least(until, sessions.c.begun_at_utc + most)
        statement = update(sessions).where(*mine, _day(sessions.c.expires_at_utc) < _day(end))
        owner = select(sessions.c.listener_id).where(*mine).scalar_subquery()
        with self.database.transaction() as connection:
            _note_visit(connection, listeners.c.id == owner, now)
            connection.execute(statement.values(expires_at_utc=end))

    def sessions_of(self, listener_id: str, now: datetime) -> list[OpenSession]:
        mine = (sessions.c.listener_id == row_id(listener_id), sessions.c.expires_at_utc > now)
        columns = (sessions.c.session_hash, sessions.c.begun_at_utc, sessions.c.expires_at_utc)
        query = select(*columns).where(*mine).order_by(columns[1].desc(), columns[0])
        return [OpenSession(*row) for row in self.database.rows(query)]

    def end(self, session_hash: str) -> None:
        self.database.write(delete(sessions).where(sessions.c.session_hash == storable(session_hash)))

    def end_of(self, listener_id: str, session_hash: str) -> bool:
        theirs = (
            sessions.c.listener_id == row_id(listener_id),
            sessions.c.session_hash == storable(session_hash),
        )
        return bool(self.database.write(delete(sessions).where(*theirs)))

    def end_all(self, listener_id: str) -> int:
        return self.database.write(delete(sessions).where(sessions.c.listener_id == row_id(listener_id)))


def _day(moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return func.date_trunc("day", moment, "UTC")


def _note_visit(connection: Connection, whose: ColumnElement[bool], now: datetime) -> None:
    today = day_of(now)
    known = func.coalesce(listeners.c.active_at_utc >= today, false())
    connection.execute(update(listeners).where(whose, not_(known)).values(active_at_utc=today))
