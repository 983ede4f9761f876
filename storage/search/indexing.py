"""Builds the search index of a model version; drops unused ones."""

from psycopg.errors import DiskFull
from psycopg.sql import Literal
from sqlalchemy import Connection, and_, func, select, text
from sqlalchemy.exc import OperationalError

from storage.search import neighbours
from storage.search.neighbours import has_index, index_name
from storage.server.database import set_for_transaction
from storage.sql.locks import take
from storage.sql.schema import vectors

LONGEST_INDEXED = 4_000
"""pgvector's limit on the dimensions of an indexed half-precision vector."""

_MOST_MEMORY_MIB = 4096
_LINKS_BYTES = 1_000
"""Memory per vector for the HNSW graph during the build, without the vector."""


def build_index(connection: Connection, model_version: str) -> bool:
    """As the tables' owner, index a model version if it pays; return whether indexed."""
    take(connection, "earshot:index_vectors")
    there = _build(connection, model_version)
    # for query plans, and for the estimated number of candidates
    connection.execute(text("ANALYZE listeners, profiles, vectors"))
    return there


def _build(connection: Connection, model_version: str) -> bool:
    _drop_unused_indexes(connection)
    if has_index(connection, model_version):
        return True
    mine = and_(vectors.c.model_version == model_version, vectors.c.embedding.is_not(None))
    n_vectors = connection.execute(select(func.count()).select_from(vectors).where(mine)).scalar_one()
    if n_vectors < neighbours.EXACT_BELOW:
        return False
    dims = connection.execute(select(func.vector_dims(vectors.c.embedding)).where(mine).limit(1)).scalar_one()
    if dims > LONGEST_INDEXED:
        return False
    _allow_memory(connection, n_vectors, dims)
    _create_index(connection, model_version, dims)
    return True


def _create_index(connection: Connection, model_version: str, dims: int) -> None:
    create = (
        f"CREATE INDEX {index_name(model_version)} ON vectors"
        f" USING hnsw ((embedding::halfvec({int(dims)})) halfvec_ip_ops)"
        f" WHERE model_version = {Literal(model_version).as_string()}".replace("%", "%%")
    )
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(create)
    except OperationalError as error:
        if not isinstance(error.orig, DiskFull):
            raise
        # parallel workers need /dev/shm, which is often 64 MB in containers; one process needs none
        set_for_transaction(connection, {"max_parallel_maintenance_workers": "0"})
        connection.exec_driver_sql(create)


def _allow_memory(connection: Connection, n_vectors: int, dims: int) -> None:
    # an index that outgrows its memory is built many times slower
    needed_mib = n_vectors * (2 * dims + _LINKS_BYTES) // 2**20 + 64
    memory = f"{min(needed_mib, _MOST_MEMORY_MIB)}MB"
    set_for_transaction(connection, {"maintenance_work_mem": memory})


def _drop_unused_indexes(connection: Connection) -> None:
    used = {index_name(one) for one in connection.scalars(select(vectors.c.model_version).distinct())}
    known = connection.scalars(
        text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix\\_vectors\\_hnsw\\_%'")
    )
    for name in set(known) - used:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
