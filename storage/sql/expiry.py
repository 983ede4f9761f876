"""Deleting rows whose time is over, without waiting for anybody."""

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_


def drop_rows(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Delete the rows that meet every condition; how many.

    Rows that somebody else is changing or deleting at this moment are left for the next time: two who delete
    the same rows in another order would wait for each other.
    """
    key = list(table.primary_key.columns)
    free = select(*key).where(*where).with_for_update(skip_locked=True, of=table)
    return int(connection.execute(delete(table).where(tuple_(*key).in_(free))).rowcount)
