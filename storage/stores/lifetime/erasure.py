"""Erasing a listener from every table, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select

from storage.sql.locks import take
from storage.sql.schema import by_others, columns_of_a_listener, listeners
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import ERASING, outlast


def erase(
    connection: Connection,
    key: UUID,
    fingerprints: Fingerprints,
    now: datetime | ColumnElement[datetime],
    *only_if: ColumnElement[bool],
) -> Mapping[str, int]:
    """Delete every row of and about a listener; how many by table. An unknown listener has none.

    Blocks, reports and refusals between them and others are kept under fingerprints of the accounts.

    Args:
        connection: in a transaction.
        key: the listener.
        fingerprints: of accounts.
        now: when.
        only_if: conditions on the row of `listeners`, looked at once nobody else can change it; where one
            does not hold, nothing is erased.

    Returns:
        every table that can hold something about a listener is named, `listeners` too. What others did, such
        as blocking, goes as well and is not counted, as the receipt would tell that there was any.
    """
    take(connection, ERASING)  # two who know each other would wait for each other's rows
    counts = {table.name: 0 for table in (listeners, *(one.table for one in columns_of_a_listener()))}
    row = select(listeners.c.id).where(listeners.c.id == key, *only_if).with_for_update()
    if connection.execute(row).first() is None:
        return counts
    outlast(connection, key, fingerprints, now)
    for column in columns_of_a_listener():
        n_rows = connection.execute(delete(column.table).where(column == key)).rowcount
        counts[column.table.name] += 0 if column in by_others() else n_rows
    counts[listeners.name] = connection.execute(delete(listeners).where(listeners.c.id == key)).rowcount
    return counts
