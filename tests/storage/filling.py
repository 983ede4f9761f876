"""Rows for every table a database has, whatever revision it is at."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pgvector.sqlalchemy  # noqa: F401 - makes its types known to reflection
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    insert,
    literal,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.stores.listeners.profiles import content_of
from tests.storage.contracts.worlds import profile

ONE, OTHER = UUID(int=1), UUID(int=2)
WHEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONTENT, DIGEST = content_of(profile())
VECTOR = "[0.5,0.25,-0.125,0.75]"
"""Exact in half precision too."""

Snapshot = Mapping[str, list[dict[str, Any]]]
"""Rows as JSON by table."""

RENAMED_TABLES = {"left_out": "exclusions"}
RENAMED_COLUMNS = {("vectors", "telling"): "rare_items", ("left_out", "left_out_at_utc"): "excluded_at_utc"}
"""Tables, and columns of tables, by their former names, with the names of today."""


def revisions(migrations: str) -> list[str]:
    """Every revision, the first one first."""
    return [one.revision for one in ScriptDirectory(migrations).walk_revisions()][::-1]


def reflected(engine: Engine) -> MetaData:
    """The tables as they are, without Alembic's own."""
    metadata = MetaData()
    metadata.reflect(engine)
    metadata.remove(metadata.tables["alembic_version"])
    return metadata


def fill(engine: Engine) -> None:
    """Put rows into every table that has none: two listeners, and of everything else one row, full."""
    with engine.begin() as connection:
        for table in reflected(engine).sorted_tables:
            if connection.execute(text(f'SELECT 1 FROM "{table.name}" LIMIT 1')).first() is None:
                for row in _rows(table):
                    connection.execute(insert(table).values(row))


def snapshot(engine: Engine) -> Snapshot:
    """What is in every table, under the names of today."""
    with engine.begin() as connection:
        found = {}
        for name in reflected(engine).tables:
            rows = connection.execute(text(f'SELECT to_jsonb(t)::text FROM "{name}" t ORDER BY 1'))
            found[RENAMED_TABLES.get(name, name)] = [
                _with_names_of_today(name, json.loads(row)) for (row,) in rows
            ]
        return found


def _with_names_of_today(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {RENAMED_COLUMNS.get((table, column), column): value for column, value in row.items()}


def in_common(one: Snapshot, other: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Both without the tables and columns that only one of them has."""
    tables = set(one) & set(other)
    shared = {name: _columns(one[name]) & _columns(other[name]) for name in tables}

    def less(rows: Snapshot) -> Snapshot:
        return {
            name: sorted(({key: row[key] for key in sorted(shared[name])} for row in rows[name]), key=str)
            for name in tables
        }

    return less(one), less(other)


def _columns(rows: list[dict[str, Any]]) -> set[str]:
    return {name for row in rows for name in row}


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for number, listener_id in enumerate((ONE, OTHER) if table.name == "listeners" else (ONE,), start=1):
        yield {
            column.name: _value(table, column, listener_id, number)
            for column in table.columns
            if column.identity is None and column.computed is None
        }


def _value(table: Table, column: Column[Any], listener_id: UUID, number: int) -> Any:
    known = {
        ("listeners", "id"): listener_id,
        ("listeners", "source"): "table",
        ("sources", "origin"): "table",  # as migration 0018 finds it
        ("training_consents", "origin"): "table",
        ("profiles", "content"): json.loads(CONTENT),
        ("profiles", "digest"): DIGEST,
        ("vectors", "embedding"): sql_cast(literal(VECTOR, Text), column.type),
        ("vectors", "own_embedding"): sql_cast(literal(VECTOR, Text), column.type),
    }
    if (table.name, column.name) in known:
        return known[table.name, column.name]
    if column.foreign_keys:
        return ONE if column.name == "listener_id" else OTHER
    return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:
    values: list[tuple[type, Any]] = [
        (Boolean, True),
        (DateTime, WHEN),
        (Integer, number),
        (Numeric, 0.5 + number),
        (Float, 0.5 + number),
        (Text, f"{column.name} {number}"),
        (LargeBinary, b"\x00bytes"),
        (JSONB, {"format": 1, "what": "ever"}),
        (ARRAY, [number]),
        (Uuid, UUID(int=100 + number)),
    ]
    found = [value for kind, value in values if isinstance(column.type, kind)]
    assert found, f"no value for {column.table.name}.{column.name} of type {column.type}"
    return found[0]
