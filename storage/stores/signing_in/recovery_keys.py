"""Hashes of recovery keys in PostgreSQL."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from matcher.domain.digests import storable
from storage.server.database import Database
from storage.sql.schema import recovery_keys
from storage.sql.text import row_id
from storage.sql.writing import upsert


@dataclass(frozen=True, slots=True)
class PostgresRecoveryKeyStore:
    """`RecoveryKeyStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def keep(self, listener_id: str, key_hash: str, now: datetime) -> None:
        row = {"listener_id": row_id(listener_id), "key_hash": key_hash, "made_at_utc": now}
        self.database.write(upsert(recovery_keys, **row))

    def listener_of(self, key_hash: str) -> str | None:
        query = select(recovery_keys.c.listener_id).where(recovery_keys.c.key_hash == storable(key_hash))
        found = self.database.scalar(query)
        return None if found is None else str(found)

    def made_at_utc(self, listener_id: str) -> datetime | None:
        query = select(recovery_keys.c.made_at_utc)
        found = self.database.scalar(query.where(recovery_keys.c.listener_id == row_id(listener_id)))
        return None if found is None else found.astimezone(UTC)
