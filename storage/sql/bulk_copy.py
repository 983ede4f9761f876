"""Rows in bulk: streamed by COPY into a table that lives as long as the transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, literal, select, text


def copy_into_temporary(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> int:
    """Make a temporary table and fill it; how many rows.

    Args:
        connection: in a transaction; the table is dropped at its end.
        table: name and columns of the temporary table.
        rows: values in the order of the columns.
    """
    table.create(connection)
    names = ", ".join(column.name for column in table.columns)
    n_rows = 0
    driver: Any = connection.connection.cursor()
    with driver, driver.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            n_rows += 1
    connection.execute(text(f"ANALYZE {table.name}"))
    return n_rows


def keep_last(connection: Connection, key: Column[str], place: Column[int]) -> None:
    """Of a table's rows with one key keep the one with the highest place."""
    later = key.table.alias()
    same = (later.c[key.name] == key, later.c[place.name] > place)
    connection.execute(delete(key.table).where(select(literal(1)).where(*same).exists()))
