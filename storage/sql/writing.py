"""Bulk copy, upserts, and deletion of expired rows."""

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
    """A temporary table, dropped at the end of the transaction."""
    made = (Column(column, kind) for column, kind in columns.items())
    return Table(name, MetaData(), *made, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def copy_into_temporary(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> int:
    """Create and fill a temporary table; return the number of rows."""
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
    """Keep only the last row, by `place`, of each key."""
    later = key.table.alias()
    same = (later.c[key.name] == key, later.c[place.name] > place)
    connection.execute(delete(key.table).where(select(literal(1)).where(*same).exists()))


def upsert(table: Table, **values: Any) -> Insert:
    """Insert or update a row."""
    return in_place(insert(table).values(values), values)


def in_place(rows: Insert, names: Iterable[str], *, if_changed: bool = False) -> Insert:
    """Turn an insert into an upsert; `if_changed` skips (does not count) equal rows."""
    keys = [column.name for column in rows.table.primary_key]
    kept = {name: rows.excluded[name] for name in names if name not in keys}
    changed = or_(*(rows.table.c[name].is_distinct_from(value) for name, value in kept.items()))
    return rows.on_conflict_do_update(index_elements=keys, set_=kept, where=changed if if_changed else None)


def drop_rows(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Delete the rows that meet all conditions; return their number."""
    key = list(table.primary_key.columns)
    # Rows in another transaction are skipped until next time: deleting in different orders deadlocks.
    free = select(*key).where(*where).with_for_update(skip_locked=True, of=table)
    return int(connection.execute(delete(table).where(tuple_(*key).in_(free))).rowcount)
