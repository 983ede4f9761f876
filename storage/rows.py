"""Hundreds of ids as one value."""

from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, cast, literal


def among(column: ColumnElement[object], listener_ids: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column is among ids as the database writes them.

    They go over as one text: the driver takes milliseconds over hundreds of values, one by one.
    """
    ids = "{" + ",".join(listener_ids) + "}"
    return column == any_(cast(literal(ids, Text), ARRAY(Uuid)))
