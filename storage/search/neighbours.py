"""Search by vector: every vector while they are few, an index (`storage.search.indexing`) when they are many.

Vectors are kept in half precision, and the index holds what the table holds: scores are exact, and the same
from both sides, whichever way a candidate was found. The index is built per model version.
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
"""With fewer vectors of a version no index is built: ranking everybody is as quick (docs/adr/0007)."""

_EF_SEARCH = (400, 1000)
"""Least and most neighbours that a search through the index keeps in sight."""


def ranked(
    connection: Connection, query: Floats, k: int, model_version: str, exclude: UUID
) -> list[tuple[str, float]]:
    """At most `k` listeners whom the one who asks may see, with their negative inner products.

    Args:
        connection: in a transaction.
        query: [2 * dim] float32.
        k: how many at most, > 0.
        model_version: only vectors of this version are looked at.
        exclude: the listener who asks.

    Returns:
        id and negative inner product, this rising, ties by id.
    """
    rows: list[tuple[str, float]] = []
    if has_index(connection, model_version):
        rows = _through_index(connection, query, k, model_version, exclude)
    if len(rows) < k:  # no index; or almost everybody near is hidden, and the index gave up
        rows = _pairs(connection, _exact(query, k, model_version, exclude))
    return rows


def index_name(model_version: str) -> str:
    """The name of a model version's index."""
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
    # The version stands in the text, as the planner has to see that it is the index's own.
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
    """The negative inner product: what pgvector orders by."""
    return embedding.op("<#>", return_type=Float())(bound(query))


def has_index(connection: Connection, model_version: str) -> bool:
    """Whether the vectors of a model version can be searched through an index."""
    return connection.execute(select(func.to_regclass(index_name(model_version)))).scalar() is not None
