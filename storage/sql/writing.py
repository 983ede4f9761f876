"""Writing rows: in bulk by COPY, in place of earlier ones, and deleting those whose time is over."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    delete,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import Insert, insert


def temporary(name: str, **columns: Any) -> Table:
    """A table that lives as long as the transaction it is made in, by the types of its columns."""
    made = (Column(column, kind) for column, kind in columns.items())
    return Table(name, MetaData(), *made, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


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


def upsert(table: Table, **values: Any) -> Insert:
    """Insert a row, or write its values into the row of the same key."""
    return in_place(insert(table).values(values), values)


def in_place(rows: Insert, names: Iterable[str], *, if_changed: bool = False) -> Insert:
    """Rows to insert, or to write into those of the same key.

    Args:
        rows: the statement, which gives a value for each name.
        names: of columns, those of the primary key among them.
        if_changed: leave alone, and do not count, rows that are the same already.
    """
    keys = [column.name for column in rows.table.primary_key]
    kept = {name: rows.excluded[name] for name in names if name not in keys}
    changed = or_(*(rows.table.c[name].is_distinct_from(value) for name, value in kept.items()))
    return rows.on_conflict_do_update(index_elements=keys, set_=kept, where=changed if if_changed else None)


def drop_rows(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Delete the rows that meet every condition; how many.

    Rows that another transaction is changing are left for the next time: two that delete the same rows in
    another order would wait for each other.
    """
    key = list(table.primary_key.columns)
    free = select(*key).where(*where).with_for_update(skip_locked=True, of=table)
    return int(connection.execute(delete(table).where(tuple_(*key).in_(free))).rowcount)
