"""Retrieval in the database: everybody while they are few; else the near and those who share, in one list."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, cast, func, literal, select, text

from matcher.packed import BARE
from matcher.ports import Question, Retrieved
from storage import neighbours
from storage.floats import from_sent, sent
from storage.neighbours import has_index, ranked, set_for_transaction
from storage.rows import among
from storage.schema import listeners, vectors
from storage.sharing import sharing
from storage.text import row_id
from storage.visibility import findable, visible_to

_PLANNING = {"jit": "off", "plan_cache_mode": "force_custom_plan"}
"""Compiling takes longer than any of these searches."""

_ESTIMATE = text(
    "EXPLAIN (FORMAT JSON) SELECT 1 FROM vectors JOIN listeners ON id = listener_id"
    " WHERE model_version = :version AND discoverable AND NOT paused"
)
"""What the planner expects: quick however many there are, and as good as its statistics."""

_SEEKING = {"enable_hashjoin": "off", "enable_mergejoin": "off"}
"""A few hundred of many rows are looked up one by one; the planner would rather read all listeners."""


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
    found = {key for key, _ in ranked(connection, question.query, k, model_version, asking)}
    found.update(sharing(connection, question.pulls, k, model_version))
    set_for_transaction(connection, _SEEKING)
    return _read(connection, _kept(asking, model_version).where(among(vectors.c.listener_id, found)))


def count(connection: Connection, model_version: str) -> int:
    """How many listeners can be found under a model version, estimated where there is an index."""
    if has_index(connection, model_version):
        (plan,) = connection.execute(_ESTIMATE, {"version": model_version}).scalar_one()
        return int(plan["Plan"]["Plan Rows"])
    mine = vectors.c.model_version == model_version
    query = select(func.count()).select_from(vectors.join(listeners)).where(mine, findable())
    return int(connection.execute(query).scalar_one())


def _are_few(connection: Connection, model_version: str) -> bool:
    if has_index(connection, model_version):
        return False
    mine = select(literal(1)).select_from(vectors).where(vectors.c.model_version == model_version)
    first = mine.limit(neighbours.EXACT_BELOW).subquery()
    n = connection.execute(select(func.count()).select_from(first)).scalar_one()
    return int(n) < neighbours.EXACT_BELOW


def _kept(asking: UUID, model_version: str) -> Select[Any]:
    columns = (cast(vectors.c.listener_id, Text), sent(vectors.c.embedding), vectors.c.weighed)
    rows = select(*columns).join_from(vectors, listeners).where(vectors.c.model_version == model_version)
    return visible_to(rows, asking)


def _read(connection: Connection, query: Select[Any]) -> Retrieved:
    rows = connection.execute(query).all()
    return Retrieved(
        listener_ids=[key for key, _, _ in rows],
        stored=from_sent([embedding for _, embedding, _ in rows]),
        contents=[BARE.content if content is None else content for _, _, content in rows],
    )
