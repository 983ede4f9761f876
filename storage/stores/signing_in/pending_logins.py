"""Pending log-ins in PostgreSQL."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert

from matcher.domain.digests import storable
from matcher.ports import PendingLogin
from storage.server.database import Database
from storage.sql.schema import pending_logins
from storage.sql.text import row_id
from storage.sql.writing import drop_rows


@dataclass(frozen=True, slots=True)
class PostgresPendingLoginStore:
    """`PendingLoginStore` on PostgreSQL."""

    database: Database

    def add(self, pending: PendingLogin) -> None:
        """Also deletes log-ins that expired over an hour ago."""
        long_gone = func.now() - func.make_interval(0, 0, 0, 0, 1)
        with self.database.transaction() as connection:
            drop_rows(connection, pending_logins, pending_logins.c.expires_at_utc < long_gone)
            connection.execute(
                insert(pending_logins).values(
                    state=pending.state,
                    verifier=pending.verifier,
                    browser_hash=pending.browser_hash,
                    expires_at_utc=pending.expires_at_utc,
                    listener_id=row_id(pending.listener_id) if pending.listener_id else None,
                    connects=pending.connects,
                )
            )

    def take(self, state: str, browser_hash: str, now: datetime) -> PendingLogin | None:
        mine = (
            pending_logins.c.state == storable(state),
            pending_logins.c.browser_hash == storable(browser_hash),
        )
        statement = delete(pending_logins).where(*mine).returning(pending_logins)
        with self.database.transaction() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None or row.expires_at_utc <= now:
            return None
        return PendingLogin(
            row.state,
            row.verifier,
            row.browser_hash,
            expires_at_utc=row.expires_at_utc.astimezone(UTC),
            listener_id="" if row.listener_id is None else str(row.listener_id),
            connects=row.connects,
        )
