"""Hundreds of ids as one value."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, func, literal, select


def among(column: ColumnElement[object], listener_ids: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column is among ids as the database writes them.

    They go over as one text: the driver takes milliseconds over hundreds of values, one by one. They come as
    rows, so that the planner can look each of them up: against an array, it may compare every row with all.
    """
    ids = "{" + ",".join(listener_ids) + "}"
    return column.in_(select(func.unnest(cast(literal(ids, Text), ARRAY(Uuid)))))
