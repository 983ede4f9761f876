"""Cooldowns of a Spotify app in PostgreSQL, so that every replica keeps them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from storage.server.database import Database
from storage.sql.schema import cooldowns
from storage.sql.text import index_key


@dataclass(frozen=True, slots=True)
class PostgresCooldownStore:
    """Remembers until when an app may not call Spotify. Every method is one transaction."""

    database: Database

    def get(self, app_key: str) -> tuple[datetime, bool] | None:
        query = select(cooldowns.c.until_utc, cooldowns.c.quota).where(
            cooldowns.c.app_key == index_key(app_key)
        )
        with self.database.transaction() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else (found.until_utc.astimezone(UTC), found.quota)

    def set(self, app_key: str, until: datetime, quota: bool) -> None:
        """Of two cooldowns the one that ends later stays, whatever their order."""
        row = insert(cooldowns).values(app_key=index_key(app_key), until_utc=until, quota=quota)
        later = row.on_conflict_do_update(
            index_elements=[cooldowns.c.app_key],
            set_={"until_utc": row.excluded.until_utc, "quota": row.excluded.quota},
            where=cooldowns.c.until_utc < row.excluded.until_utc,
        )
        with self.database.transaction() as connection:
            connection.execute(later)
