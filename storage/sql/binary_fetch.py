"""Large values from the database as the bytes they are, and not as twice as many hexadecimal digits."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import Compiled


def fetch_one(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The one row of a query, in PostgreSQL's binary format.

    Args:
        connection: in a transaction.
        query: a query with exactly one row; made once, as it is compiled once.
        values: by name, what its parameters are bound to, as psycopg takes them.
    """
    compiled = _compiled(query, connection.dialect)
    cursor = connection.connection.cursor(binary=True)
    try:
        cursor.execute(str(compiled), compiled.construct_params(dict(values)))
        (row,) = cursor.fetchall()
    finally:
        cursor.close()
    return tuple(row)


@lru_cache(maxsize=64)
def _compiled(query: Select[Any], dialect: Dialect) -> Compiled:
    return query.compile(dialect=dialect)
