"""What the last reading of each listener's library found, in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from storage.server.database import Database
from storage.sql.schema import readings
from storage.sql.text import from_json_text, row_id, to_json_text


@dataclass(frozen=True, slots=True)
class PostgresReadingStore:
    """Keeps one JSON object a listener, exactly. Every method is one transaction."""

    database: Database

    def load(self, listener_id: str) -> Mapping[str, Any] | None:
        query = select(cast(readings.c.content, Text)).where(readings.c.listener_id == row_id(listener_id))
        with self.database.transaction() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else dict(from_json_text(found))

    def save(self, listener_id: str, content: Mapping[str, Any]) -> None:
        kept = {"content": cast(cast(to_json_text(dict(content)), Text), JSONB)}
        row = insert(readings).values(listener_id=row_id(listener_id), **kept)
        with self.database.transaction() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["listener_id"], set_=kept))
