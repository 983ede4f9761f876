"""Vector search: exact for few vectors, by an HNSW index for many.

Vectors are stored and indexed in half precision, so both ways give the same exact scores.
"""

import hashlib
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Float,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
)

from matcher.domain.vectors import Floats
from storage.server.database import set_for_transaction
from storage.sql.schema import listeners, vectors
from storage.sql.vector_codec import bound
from storage.sql.visibility import visible_to

EXACT_BELOW = 2_000
"""With fewer vectors no index is built: exact search is as fast (docs/adr/0007)."""

_EF_SEARCH = (400, 1000)
"""Bounds of HNSW's `ef_search`."""


def ranked(
    connection: Connection, query: Floats, k: int, model_version: str, exclude: UUID
) -> list[tuple[str, float]]:
    """At most `k` visible listeners: ids and negative inner products, ascending.

    `query` is [2 * dim] float32; `exclude` is the listener who searches. Ties are ordered by id.
    """
    rows: list[tuple[str, float]] = []
    if has_index(connection, model_version):
        rows = _through_index(connection, query, k, model_version, exclude)
    if len(rows) < k:  # no index, or nearly all neighbours are hidden and the scan ended early
        rows = _pairs(connection, _exact(query, k, model_version, exclude))
    return rows


def index_name(model_version: str) -> str:
    """Name of a model version's index."""
    return f"ix_vectors_hnsw_{hashlib.sha256(model_version.encode()).hexdigest()[:16]}"


def _exact(query: Floats, k: int, model_version: str, exclude: UUID) -> Select[Any]:
    distance = _distance(vectors.c.embedding, query).label("distance")
    mine = (vectors.c.model_version == model_version, vectors.c.embedding.is_not(None))
    found = _visible(distance, exclude).where(*mine)
    return found.order_by("distance", "listener_id").limit(k)


def _through_index(
    connection: Connection, query: Floats, k: int, model_version: str, exclude: UUID
) -> list[tuple[str, float]]:
    set_for_transaction(
        connection,
        {
            "hnsw.iterative_scan": "strict_order",
            "hnsw.ef_search": str(min(max(k, _EF_SEARCH[0]), _EF_SEARCH[1])),
        },
    )
    half = HALFVEC(len(query))
    distance = cast(vectors.c.embedding, half).op("<#>", return_type=Float())(bound(query, half))
    # literal, because the planner must see that it equals the index's condition
    version: BindParameter[str] = bindparam("version", model_version, literal_execute=True)
    found = _visible(distance.label("distance"), exclude).where(vectors.c.model_version == version)
    near = found.order_by(distance).limit(k).subquery()
    return _pairs(connection, select(near).order_by(near.c.distance, near.c.listener_id))


def _pairs(connection: Connection, query: Select[Any]) -> list[tuple[str, float]]:
    return [(key, distance) for key, distance in connection.execute(query).all()]


def _visible(distance: ColumnElement[Any], exclude: UUID) -> Select[Any]:
    key = cast(vectors.c.listener_id, Text).label("listener_id")
    rows = select(key, distance).join_from(vectors, listeners)
    return visible_to(rows, exclude)


def _distance(embedding: ColumnElement[object], query: Floats) -> ColumnElement[float]:
    return embedding.op("<#>", return_type=Float())(bound(query))


def has_index(connection: Connection, model_version: str) -> bool:
    """Whether a model version has an index."""
    return connection.execute(select(func.to_regclass(index_name(model_version)))).scalar() is not None
