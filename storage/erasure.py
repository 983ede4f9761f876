"""Erasing a listener from every table, in one transaction."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select

from storage.holding import take
from storage.schema import columns_of_a_listener, listeners


def erase(connection: Connection, key: UUID, *only_if: ColumnElement[bool]) -> Mapping[str, int]:
    """Delete every row of and about a listener; how many by table. An unknown listener has none.

    Args:
        connection: in a transaction.
        key: the listener.
        only_if: conditions on the row of `listeners`, looked at once nobody else can change it; where one
            does not hold, nothing is erased.

    Returns:
        every table that can hold something about a listener is named, `listeners` too.
    """
    take(connection, "earshot:erasure")  # two who know each other would wait for each other's rows
    counts = {table.name: 0 for table in (listeners, *(one.table for one in columns_of_a_listener()))}
    row = select(listeners.c.id).where(listeners.c.id == key, *only_if).with_for_update()
    if connection.execute(row).first() is None:
        return counts
    for column in columns_of_a_listener():
        counts[column.table.name] += connection.execute(delete(column.table).where(column == key)).rowcount
    counts[listeners.name] = connection.execute(delete(listeners).where(listeners.c.id == key)).rowcount
    return counts
