"""Signed-in browsers in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.database import Database
from storage.schema import sessions
from storage.text import row_id, storable


@dataclass(frozen=True, slots=True)
class PostgresSessionStore:
    """The `SessionStore` on PostgreSQL."""

    database: Database

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        """Keep a session; sessions that have ended by themselves are dropped on the way.

        Raises:
            UnknownListener: there is no such listener; perhaps erased meanwhile.
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at_utc <= now))
            connection.execute(
                insert(sessions).values(
                    session_hash=session_hash,
                    listener_id=row_id(listener_id),
                    begun_at_utc=now,
                    expires_at_utc=expires_at_utc,
                )
            )

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        """The listener of a session that has not ended, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(sessions.c.listener_id).where(
            sessions.c.session_hash == storable(session_hash), sessions.c.expires_at_utc > now
        )
        with self.database.transaction() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else str(found)

    def end(self, session_hash: str) -> None:
        """End one session.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            connection.execute(delete(sessions).where(sessions.c.session_hash == storable(session_hash)))
