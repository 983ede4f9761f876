"""Vectors in the text form of pgvector, and back, exactly."""

import numpy as np
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import ColumnElement, bindparam, cast
from sqlalchemy.types import NullType, TypeEngine

from matcher.vectors import Floats


def to_vector_text(vector: Floats) -> str:
    """[dim] float32 as `[0.1,0.2]`; nine digits carry a float32 exactly."""
    return "[" + ",".join([f"{value:.9g}" for value in vector.tolist()]) + "]"


def from_vector_text(text: str) -> Floats:
    """[dim] float32 from `[0.1,0.2]`.

    Raises:
        ValueError: `text` is not a vector.
    """
    return np.array(text.removeprefix("[").removesuffix("]").split(","), dtype=np.float32)


def bound(vector: Floats, kind: TypeEngine[object] | None = None) -> ColumnElement[object]:
    """The vector as a bound value of an SQL expression.

    The value reaches PostgreSQL as a vector, not as text to be cast, which it would parse for every row.

    Args:
        vector: [dim] float32.
        kind: the SQL type it gets; a vector of float32 unless told.
    """
    return cast(bindparam(None, to_vector_text(vector), type_=NullType()), kind or VECTOR())
