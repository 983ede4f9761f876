"""Id arrays: hundreds of ids or texts as one value."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, func, literal, select


def among(
    column: ColumnElement[object], listener_ids: Iterable[str] | ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether the column is one of the ids."""
    # One text, because the driver takes milliseconds for hundreds of values. Unnested to rows,
    # because against an array the planner may compare every row with all ids.
    ids = listener_ids if isinstance(listener_ids, ColumnElement) else literal(written(listener_ids), Text)
    return column.in_(select(func.unnest(cast(ids, ARRAY(Uuid)))))


def written(listener_ids: Iterable[str]) -> str:
    """Ids as the text of a PostgreSQL array."""
    return "{" + ",".join(listener_ids) + "}"


def any_of(texts: Iterable[str]) -> ColumnElement[str]:
    """An expression that equals any of the texts, passed as one array."""
    return func.any(cast(list(texts), ARRAY(Text)))
