"""Audit records: what was done with personal data, without the data."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert

from storage.sql.schema import audit

CONSENT_CHANGED, EXPORT, ERASURE = "consent changed", "export", "erasure"


def note(
    connection: Connection,
    action: str,
    details: Mapping[str, int],
    now: datetime | ColumnElement[datetime],
    listener: UUID | None = None,
) -> None:
    """Add a record in the transaction of the action; `details` are counts only.

    `listener` is None if the listener must not be stored.
    """
    row = {"happened_at_utc": now, "action": action, "listener_id": listener, "details": dict(details)}
    connection.execute(insert(audit).values(row))


def note_choice(connection: Connection, what: str, now: datetime, listener: UUID) -> None:
    """Record a listener's change of consent."""
    note(connection, CONSENT_CHANGED, {what: 1}, now, listener)
