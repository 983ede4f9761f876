"""Listeners with a profile but without a current row for a model."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from matcher.scoring.packed_candidates import MARK
from storage.server.database import Database
from storage.sql.schema import profiles, vectors
from storage.sql.text import row_id


def count_stale(database: Database, model_version: str) -> int:
    """Number of stale rows; takes seconds for a million listeners.

    Raises:
        StorageUnreachable: the database does not respond.
    """
    with database.transaction(patient=True) as connection:
        return int(connection.execute(_stale(func.count(), model_version)).scalar_one())


def find_stale(database: Database, model_version: str, n: int, after: str = "") -> list[str]:
    """At most `n` ids of stale rows above `after`, ascending.

    Raises:
        StorageUnreachable: the database does not respond.
    """
    key = profiles.c.listener_id
    query = _stale(key, model_version).where(key > row_id(after)).order_by(key).limit(n)
    with database.transaction(patient=True) as connection:
        return [str(one) for one in connection.execute(query).scalars()]


def _stale(column: ColumnElement[Any], model_version: str) -> Select[Any]:
    mine = and_(vectors.c.listener_id == profiles.c.listener_id, vectors.c.model_version == model_version)
    mark = func.substr(vectors.c.weighed, 1, len(MARK))
    is_stale = or_(vectors.c.listener_id.is_(None), mark.is_distinct_from(MARK))
    return select(column).select_from(profiles).outerjoin(vectors, mine).where(is_stale)
