"""Cooldowns of a Spotify app in PostgreSQL, shared by all replicas."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from storage.server.database import Database
from storage.sql.schema import cooldowns
from storage.sql.text import index_key


@dataclass(frozen=True, slots=True)
class PostgresCooldownStore:
    """`CooldownStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def get(self, app_key: str) -> tuple[datetime, bool] | None:
        query = select(cooldowns.c.until_utc, cooldowns.c.quota)
        found = self.database.rows(query.where(cooldowns.c.app_key == index_key(app_key)))
        return next(((until.astimezone(UTC), quota) for until, quota in found), None)

    def set(self, app_key: str, until: datetime, quota: bool) -> None:
        row = insert(cooldowns).values(app_key=index_key(app_key), until_utc=until, quota=quota)
        later = row.on_conflict_do_update(
            index_elements=[cooldowns.c.app_key],
            set_={"until_utc": row.excluded.until_utc, "quota": row.excluded.quota},
            where=cooldowns.c.until_utc < row.excluded.until_utc,
        )
        self.database.write(later)
