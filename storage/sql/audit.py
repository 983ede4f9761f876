"""Rows of the audit: what was done to people's data, without saying what the data were."""

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
    """Add a row to the audit, in the transaction of what it records.

    Args:
        connection: in a transaction.
        action: what was done.
        details: counts only.
        now: when.
        listener: the one concerned; None where that must not be kept.
    """
    row = {"happened_at_utc": now, "action": action, "listener_id": listener, "details": dict(details)}
    connection.execute(insert(audit).values(row))


def note_choice(connection: Connection, what: str, now: datetime, listener: UUID) -> None:
    """Add that a listener changed something about being seen."""
    note(connection, CONSENT_CHANGED, {what: 1}, now, listener)
