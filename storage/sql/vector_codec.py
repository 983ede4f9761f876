"""Vectors in the text and binary forms of pgvector, and back, exactly."""

import numpy as np
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, LargeBinary, bindparam, cast, func
from sqlalchemy.types import NullType, TypeEngine

from matcher.domain.vectors import Floats

_HEAD = 2
"""What stands before the numbers in pgvector's binary form: the dimension, and one that is not used."""


def to_vector_text(vector: Floats) -> str:
    """[dim] float32 as `[0.1,0.2]`, rounded to half precision, of which five digits tell every value."""
    return "[" + ",".join([f"{value:.5g}" for value in vector.astype(np.float16).tolist()]) + "]"


def sent(column: ColumnElement[object]) -> ColumnElement[bytes]:
    """The column as `from_sent` reads it: a tenth of the time that text takes."""
    return func.halfvec_send(column, type_=LargeBinary)


def from_sent(sent: bytes, n: int) -> Floats:
    """[n, dim] float32 of `n` vectors that `sent` selected, joined; all of one length. Of none, [0, 0]."""
    if not n:
        return np.zeros((0, 0), np.float32)
    numbers = np.frombuffer(sent, ">f2").reshape(n, -1)
    return numbers[:, _HEAD:].astype(np.float32)


def bound(vector: Floats, kind: TypeEngine[object] | None = None) -> ColumnElement[object]:
    """The vector as a bound value of an SQL expression.

    The value reaches PostgreSQL as a vector, not as text to be cast, which it would parse for every row.

    Args:
        vector: [dim] float32.
        kind: the SQL type it gets; by default a vector of half precision.
    """
    return cast(bindparam(None, to_vector_text(vector), type_=NullType()), kind or HALFVEC())
