"""Visibility conditions of every search."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select, union_all

from matcher.domain.listening import Source
from storage.sql.schema import blocks, listeners, sources

_BROUGHT = [str(source) for source in Source if source.brought]


def findable() -> ColumnElement[bool]:
    """The listener is discoverable and not paused."""
    return and_(listeners.c.discoverable, not_(listeners.c.paused))


def visible_to(rows: Select[Any], asking: UUID) -> Select[Any]:
    """Restrict rows of `listeners` to those that `asking` may see, without self."""
    blocked = union_all(
        select(blocks.c.blocked_id).where(blocks.c.listener_id == asking),
        select(blocks.c.listener_id).where(blocks.c.blocked_id == asking),
    )
    return rows.where(findable(), listeners.c.id != asking, listeners.c.id.not_in(blocked))


def seen_by(rows: Select[Any], viewer: UUID) -> Select[Any]:
    """As `visible_to`; no rows if the viewer was erased."""
    # an erasure deletes the viewer's blocks, so nothing would hide them
    viewers = listeners.alias()
    return visible_to(rows.where(exists().where(viewers.c.id == viewer)), viewer)


def has_brought() -> ColumnElement[bool]:
    """Whether any source of a listener is `Source.brought`."""
    source = func.split_part(sources.c.origin, ":", 1)
    return exists().where(sources.c.listener_id == listeners.c.id, source.in_(_BROUGHT))
