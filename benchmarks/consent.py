"""Hiding and blocking, straight in the tables: what a soak needs of consent, and no more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Database
from storage.holding import hold_pair
from storage.schema import blocks, listeners
from storage.text import row_id


@dataclass(frozen=True, slots=True)
class SqlConsent:
    """The `Consent` of a town."""

    database: Database

    def set_discoverable(self, listener_id: str, discoverable: bool, now: datetime) -> bool:
        """Let the listener be found, or not."""
        row = update(listeners).where(listeners.c.id == row_id(listener_id))
        with self.database.transaction() as connection:
            return bool(connection.execute(row.values(discoverable=discoverable)).rowcount)

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Let neither see the other."""
        me, other = row_id(listener_id), row_id(other_id)
        row = insert(blocks).values(listener_id=me, blocked_id=other, blocked_at_utc=now)
        with self.database.transaction() as connection:
            hold_pair(connection, me, other)
            return bool(connection.execute(row.on_conflict_do_nothing()).rowcount)

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Take the block back."""
        me, other = row_id(listener_id), row_id(other_id)
        with self.database.transaction() as connection:
            hold_pair(connection, me, other)
            mine = (blocks.c.listener_id == me, blocks.c.blocked_id == other)
            return bool(connection.execute(delete(blocks).where(*mine)).rowcount)
