"""A sample of visible listeners without ids: map points, projected in the database, and packed rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Float, Select, select

from matcher.domain.vectors import Floats
from matcher.scoring.packed_candidates import BARE
from storage.server.database import Database
from storage.sql.schema import listeners, vectors
from storage.sql.vector_codec import bound
from storage.sql.visibility import findable


@dataclass(frozen=True, slots=True)
class PostgresPositionStore:
    """`PositionStore` on PostgreSQL. One query, one transaction."""

    database: Database

    def sample_products(self, axes: Floats, model_version: str, n: int) -> Floats:
        if n <= 0:
            return np.zeros((0, 2), np.float32)
        products = [vectors.c.embedding.op("<#>", return_type=Float())(bound(axis)) for axis in axes]
        rows = [tuple(row) for row in self.database.rows(_sampled(products, model_version, n))]
        return -np.array(rows, np.float32).reshape(-1, 2)

    def sample_rows(self, model_version: str, n: int) -> Sequence[bytes]:
        query = _sampled([vectors.c.weighed], model_version, max(n, 0))
        return [bytes(content or BARE.content) for (content,) in self.database.rows(query)]


def _sampled(columns: Sequence[ColumnElement[Any]], model_version: str, n: int) -> Select[Any]:
    return (
        select(*columns)
        .join_from(vectors, listeners, listeners.c.id == vectors.c.listener_id)
        .where(vectors.c.model_version == model_version, vectors.c.embedding.is_not(None), findable())
        .order_by(vectors.c.listener_id)  # random ids: a fair sample, found by the primary key
        .limit(n)
    )
