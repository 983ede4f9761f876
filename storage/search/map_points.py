"""Map points of visible listeners, projected in the database, without ids."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Float, select

from matcher.domain.vectors import Floats
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
        query = (
            select(*products)
            .join_from(vectors, listeners, listeners.c.id == vectors.c.listener_id)
            .where(vectors.c.model_version == model_version, vectors.c.embedding.is_not(None), findable())
            .order_by(vectors.c.listener_id)  # random ids: a fair sample, found by the primary key
            .limit(n)
        )
        rows = [tuple(row) for row in self.database.rows(query)]
        return -np.array(rows, np.float32).reshape(-1, 2)
