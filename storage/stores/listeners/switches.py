"""Listeners' sharing switches."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from matcher.domain.consent import Sharing
from storage.sql.schema import facets, listeners, sharing

FLAGS = ("artists", "tracks", "tags", "profile_link", "cards")

HIDDEN_FACETS = (
    select(func.array_agg(aggregate_order_by(facets.c.facet_id, facets.c.facet_id)))
    .where(facets.c.listener_id == listeners.c.id, facets.c.shared.is_(False))
    .scalar_subquery()
)
"""Ids of hidden facets per row of `listeners`, or NULL."""


def sharing_columns() -> list[Any]:
    """Columns for `sharing_of`; `listeners` must be outer-joined with `sharing`."""
    unsaid = Sharing()
    flags = [func.coalesce(sharing.c[name], getattr(unsaid, name)).label(name) for name in FLAGS]
    return [*flags, HIDDEN_FACETS.label("hidden_facets")]


def sharing_of(row: Row[Any]) -> Sharing:
    """Sharing switches from a row with `sharing_columns`."""
    flags = {name: getattr(row, name) for name in FLAGS}
    return Sharing(**flags, hidden_facets=frozenset(row.hidden_facets or ()))


def read_sharing(connection: Connection, key: UUID) -> Sharing:
    """Sharing switches of an existing listener."""
    rows = select(*sharing_columns()).select_from(listeners.outerjoin(sharing))
    return sharing_of(connection.execute(rows.where(listeners.c.id == key)).one())
