"""Hundreds of ids or texts as one value."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, func, literal, select


def among(
    column: ColumnElement[object], listener_ids: Iterable[str] | ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether the column is among ids as the database writes them; or as `written` writes them.

    They go over as one text: the driver takes milliseconds over hundreds of values, one by one. They come as
    rows, so that the planner can look each of them up: against an array, it may compare every row with all.
    """
    ids = listener_ids if isinstance(listener_ids, ColumnElement) else literal(written(listener_ids), Text)
    return column.in_(select(func.unnest(cast(ids, ARRAY(Uuid)))))


def written(listener_ids: Iterable[str]) -> str:
    """Ids as PostgreSQL writes an array of them."""
    return "{" + ",".join(listener_ids) + "}"


def any_of(texts: Iterable[str]) -> ColumnElement[str]:
    """What a column equals that is any of these, however many they are: one array."""
    return func.any(cast(list(texts), ARRAY(Text)))
