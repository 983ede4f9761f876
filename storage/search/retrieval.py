"""Retrieval: all listeners if few, else neighbours and sharers of rare items."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Subquery,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import Compiled

from matcher.ports import Question, Retrieved
from matcher.scoring.packed_candidates import BARE
from storage.search import neighbours
from storage.search.neighbours import has_index, ranked
from storage.search.shared_items import SHARING, limits
from storage.server.database import set_for_transaction
from storage.sql.arrays import among, written
from storage.sql.schema import listeners, vectors
from storage.sql.text import NOBODY, row_id
from storage.sql.vector_codec import from_sent, sent
from storage.sql.visibility import findable

COUNTED = 20_000
"""Up to so many listeners are counted exactly, in a few milliseconds."""
_KEPT = select(vectors.c.listener_id, vectors.c.weighed, vectors.c.embedding).where(
    vectors.c.model_version == bindparam("version"), vectors.c.embedding.is_not(None)
)
"""Listeners with an embedding: those who show enough to be found."""


def _joined(values: ColumnElement[Any]) -> ColumnElement[bytes]:
    return func.string_agg(values, literal(b"", LargeBinary), type_=LargeBinary)


def _gathering(rows: Subquery) -> Select[Any]:
    """Aggregate ids, vectors and packed profiles of `rows` into one row."""
    content = func.coalesce(rows.c.weighed, literal(BARE.content, LargeBinary))
    # 2,000 listeners take 34 ms, search included; row by row they take 38
    return select(
        func.string_agg(cast(rows.c.listener_id, Text), ""),
        _joined(content),
        func.array_agg(func.octet_length(content)),
        _joined(sent(rows.c.embedding)),
        func.count(),
    ).where(rows.c.listener_id != bindparam("asking", type_=Uuid))


_NEAR = _KEPT.where(among(vectors.c.listener_id, bindparam("near", type_=Text)))
_ONE = _gathering(_KEPT.where(vectors.c.listener_id == bindparam("one", type_=Uuid)).subquery())
_EVERYBODY = _gathering(_KEPT.subquery())
_FOUND = _gathering(union_all(_NEAR, select(SHARING)).subquery())

_PLANNING = {"jit": "off", "plan_cache_mode": "force_custom_plan", "random_page_cost": "1.1"}
"""JIT compilation takes longer than these searches, and most rows are in memory."""

_ID_LENGTH = 36


def retrieve(connection: Connection, question: Question, k: int, model_version: str) -> Retrieved:
    """Retrieve candidates: `k` by vector, and those with rare items within `limits`."""
    set_for_transaction(connection, _PLANNING)
    asking = row_id(question.listener_id)
    asked = {"asking": asking, "version": model_version}
    if _are_few(connection, model_version):
        return _gathered(_fetch_one(connection, _EVERYBODY, asked))
    near = [key for key, _ in ranked(connection, question.query, k, model_version, asking)]
    shared = {"rare_items": list(question.rare_items), **limits(connection)}
    return _gathered(_fetch_one(connection, _FOUND, {**asked, **shared, "near": written(near)}))


def kept(connection: Connection, one: UUID, model_version: str) -> Retrieved:
    """One listener in the form of `retrieve`; empty if they cannot be found."""
    asked = {"asking": NOBODY, "one": one, "version": model_version}
    return _gathered(_fetch_one(connection, _ONE, asked))


def count(connection: Connection, model_version: str) -> int:
    """Number of listeners that can be found; estimated if there are more than `COUNTED`."""
    mine = (vectors.c.model_version == model_version, vectors.c.embedding.is_not(None))
    rows: Select[Any] = (
        select(literal_column("1")).select_from(vectors.join(listeners)).where(*mine, findable())
    )
    if has_index(connection, model_version):
        # the planner's estimate: fast at any size, as good as the statistics
        query = rows.compile(connection, compile_kwargs={"literal_binds": True})
        (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query}").scalar_one()
        estimate = int(plan["Plan"]["Plan Rows"])
        if estimate > COUNTED:
            return estimate
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def _are_few(connection: Connection, model_version: str) -> bool:
    if has_index(connection, model_version):
        return False
    mine = select(literal(1)).select_from(vectors).where(vectors.c.model_version == model_version)
    first = mine.limit(neighbours.EXACT_BELOW).subquery()
    n = connection.execute(select(func.count()).select_from(first)).scalar_one()
    return int(n) < neighbours.EXACT_BELOW


def _gathered(row: tuple[Any, ...]) -> Retrieved:
    ids, contents, lengths, embeddings, n = row
    if not n:
        return Retrieved([], np.zeros((0, 0), np.float32), [])
    keys = [ids[start : start + _ID_LENGTH] for start in range(0, n * _ID_LENGTH, _ID_LENGTH)]
    places = list({key: place for place, key in enumerate(keys)}.values())
    ends = np.cumsum(lengths).tolist()
    return Retrieved(
        listener_ids=[keys[place] for place in places],
        stored=from_sent(embeddings, n)[places],
        contents=[contents[ends[place] - lengths[place] : ends[place]] for place in places],
    )


def _fetch_one(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Fetch a query's only row in binary format, which halves the size of bytes."""
    compiled = _compiled(query, connection.dialect)
    cursor: Any = connection.connection.cursor(binary=True)
    with cursor:
        cursor.execute(str(compiled), compiled.construct_params(dict(values)))
        (row,) = cursor.fetchall()
    return tuple(row)


# queries are module constants, so each is compiled once
@lru_cache(maxsize=64)
def _compiled(query: Select[Any], dialect: Dialect) -> Compiled:
    return query.compile(dialect=dialect)
