"""Last reading of each listener's library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, delete, select

from storage.server.database import Database
from storage.sql.schema import readings
from storage.sql.text import from_json_text, row_id, to_jsonb
from storage.sql.writing import upsert


@dataclass(frozen=True, slots=True)
class PostgresReadingStore:
    """`ReadingStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def load(self, listener_id: str) -> Mapping[str, Any] | None:
        query = select(cast(readings.c.content, Text)).where(readings.c.listener_id == row_id(listener_id))
        found = self.database.scalar(query)
        return None if found is None else dict(from_json_text(found))

    def wipe(self, listener_id: str) -> None:
        """Delete the reading, if any."""
        self.database.write(delete(readings).where(readings.c.listener_id == row_id(listener_id)))

    def save(self, listener_id: str, content: Mapping[str, Any]) -> None:
        row = upsert(readings, listener_id=row_id(listener_id), content=to_jsonb(dict(content)))
        self.database.write(row)
