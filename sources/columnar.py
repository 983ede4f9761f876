"""Parquet columns of any type as text."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sources.delimited import column_name, known_name

_FIELDS = ("name", "title", "value", "id", "uri")
"""Of a struct, the first of these fields stands for it, if none has the column's own name."""


def read_columns(
    path: Path, columns: Sequence[str], n_rows: int, longest: int
) -> Iterator[dict[str, list[str]]]:
    """Known columns of a Parquet file as text, in pieces of `n_rows`; at least one piece.

    Of a list the first value stands for it, and of a struct one field. Texts are cut to `longest` characters.

    Raises:
        ValueError: a column is of a type that has no text.
    """
    schema = pq.read_schema(path)
    places: dict[str, str] = {}
    for field in schema:
        if (name := known_name(field.name, columns)) in columns:
            places.setdefault(name, field.name)
    for name, place in places.items():
        _require_text(name, schema.field(place).type)
    texts = [place for place in places.values() if pa.types.is_string(schema.field(place).type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        n_pieces = 0
        for batch in file.iter_batches(n_rows, columns=list(places.values())):
            n_pieces += 1
            yield {name: _texts(batch.column(place), name, longest) for name, place in places.items()}
        if not n_pieces:
            yield {name: [] for name in places}


def all_names(path: Path) -> list[str]:
    """Names of all columns."""
    return list(pq.read_schema(path).names)


def _require_text(name: str, kind: pa.DataType) -> None:
    while _is_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind) and not _field_of(name, kind):
        fields = ", ".join(field.name for field in kind)
        raise ValueError(f"{name} holds values of {fields}; write one text in each row")
    if pa.types.is_map(kind) or pa.types.is_union(kind):
        raise ValueError(f"{name} is of the type {kind}; write one text in each row")


def _is_list(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind) for is_kind in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    )


def _field_of(name: str, kind: pa.StructType) -> str:
    fields = {column_name(field.name): field.name for field in kind}
    # artist_name of {name, id}, and artist_id of the same
    wanted = (name, name.rpartition("_")[2], *_FIELDS)
    return next((fields[one] for one in wanted if one in fields), "")


def _texts(column: pa.Array, name: str, longest: int) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        # on the dictionary, so that each distinct text is cut once
        words = pa.array(_texts(column.dictionary, name, longest), pa.string())
        column = pa.DictionaryArray.from_arrays(column.indices, words).cast(pa.string())
        return list(pc.fill_null(column, "").to_pylist())
    if _is_list(kind):
        first = pc.list_slice(column, 0, 1, return_fixed_size_list=True)
        return _texts(_flat(first), name, longest)
    if pa.types.is_struct(kind):
        return _texts(pc.struct_field(column, _field_of(name, kind)), name, longest)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return [_number(value) for value in column.to_pylist()]
    column = pc.fill_null(_plain(column), "")
    return [text.strip() for text in pc.utf8_slice_codeunits(column, 0, longest).to_pylist()]


def _flat(column: pa.FixedSizeListArray) -> pa.Array:
    """The only value of each row, null where there is none."""
    is_there = pc.is_valid(column)
    if pc.all(is_there).as_py():
        return column.flatten()
    values = column.flatten()
    places = pc.subtract(pc.cumulative_sum(is_there.cast(pa.int64())), 1)
    return values.take(pc.if_else(is_there, places, pa.scalar(None, pa.int64())))


def _plain(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_timestamp(kind):
        # at most microseconds, as Python's times have
        column = column.cast(pa.timestamp("us", "UTC"), safe=False)
    elif pa.types.is_date(kind):
        column = column.cast(pa.date32())
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        texts = [None if value is None else value.decode("utf-8", "replace") for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    return column.cast(pa.string())


def _number(value: float | Decimal | None) -> str:
    """Whole numbers without a point, so that ids with gaps, which pandas makes floats, stay ids."""
    if value is None or math.isnan(value):
        return ""
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
