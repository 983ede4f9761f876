"""Many ids or texts as one SQL parameter: an array."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, func, literal, select


def among(
    column: ColumnElement[object], listener_ids: Iterable[str] | ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether the column's value is one of the ids.

    `listener_ids` may also be an SQL expression with the text of `written`.
    """
    # Passed as one text: for hundreds of parameters the driver needs milliseconds. Turned into rows by
    # unnest: with an array, PostgreSQL may compare every row with all ids.
    ids = listener_ids if isinstance(listener_ids, ColumnElement) else literal(written(listener_ids), Text)
    return column.in_(select(func.unnest(cast(ids, ARRAY(Uuid)))))


def written(listener_ids: Iterable[str]) -> str:
    """Ids as the text of a PostgreSQL array."""
    return "{" + ",".join(listener_ids) + "}"


def any_of(texts: Iterable[str]) -> ColumnElement[str]:
    """Right side of a comparison with `==` that holds for each of the texts, sent as one array."""
    return func.any(cast(list(texts), ARRAY(Text)))
