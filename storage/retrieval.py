"""Retrieval in the database: everybody while they are few; else the near and those who share, in one list."""

from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, Select, func, literal, select

from matcher.packed import BARE
from matcher.ports import Question, Retrieved
from storage import neighbours
from storage.floats import from_sent, sent
from storage.neighbours import has_index, nearest, set_for_transaction
from storage.schema import listeners, vectors
from storage.sharing import sharing
from storage.text import row_id
from storage.visibility import findable, visible_to

COUNTED = 2_000
"""So many candidates are counted; of more, their number is estimated."""

_PLANNING = {"jit": "off", "plan_cache_mode": "force_custom_plan"}
"""Compiling takes longer than any of these searches."""


def retrieve(connection: Connection, question: Question, k: int, model_version: str) -> Retrieved:
    """The candidates worth ranking, as they are kept.

    Args:
        connection: in a transaction.
        question: what they are looked for by.
        k: how many each way of searching finds.
        model_version: only vectors of this version are looked at.
    """
    set_for_transaction(connection, _PLANNING)
    asking = row_id(question.listener_id)
    if _are_few(connection, model_version):
        return _read(connection, _kept(asking, model_version))
    near = nearest(connection, question.query, k, model_version, asking)
    alike = sharing(connection, question.pulls, k, model_version)
    found = {UUID(one.listener_id) for one in near}.union(alike)
    return _read(connection, _kept(asking, model_version).where(vectors.c.listener_id.in_(found)))


def count(connection: Connection, model_version: str) -> int:
    """How many listeners can be found under a model version, estimated above `COUNTED`."""
    both = select(literal(1)).select_from(vectors.join(listeners))
    rows = both.where(vectors.c.model_version == model_version, findable())
    first = rows.limit(COUNTED + 1).subquery()
    n = int(connection.execute(select(func.count()).select_from(first)).scalar_one())
    return n if n <= COUNTED else max(n, _estimate(connection, rows))


def _are_few(connection: Connection, model_version: str) -> bool:
    if has_index(connection, model_version):
        return False
    mine = select(literal(1)).select_from(vectors).where(vectors.c.model_version == model_version)
    first = mine.limit(neighbours.EXACT_BELOW).subquery()
    n = connection.execute(select(func.count()).select_from(first)).scalar_one()
    return int(n) < neighbours.EXACT_BELOW


def _kept(asking: UUID, model_version: str) -> Select[Any]:
    columns = (vectors.c.listener_id, sent(vectors.c.embedding), vectors.c.weighed)
    rows = select(*columns).join_from(vectors, listeners).where(vectors.c.model_version == model_version)
    return visible_to(rows, asking)


def _read(connection: Connection, query: Select[Any]) -> Retrieved:
    rows = connection.execute(query).all()
    stored = [from_sent(embedding) for _, embedding, _ in rows]
    return Retrieved(
        listener_ids=[str(key) for key, _, _ in rows],
        stored=np.array(stored) if rows else np.zeros((0, 0), np.float32),
        contents=[BARE.content if content is None else bytes(content) for _, _, content in rows],
    )


def _estimate(connection: Connection, rows: Select[Any]) -> int:
    """What the planner expects: quick however many there are, and as good as its statistics."""
    compiled = rows.compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}".replace("%", "%%")).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])
