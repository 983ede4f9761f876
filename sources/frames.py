"""Reads CSV(.gz) and Parquet tables as text, with line numbers."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matcher.errors import InputError

LINE = "__line__"

LONGEST = 2_000
"""Most characters of a text; longer ones are not names or ids."""

PIECE_ROWS = 20_000

ALWAYS_BYTES, MOST_GROWTH = 64 << 20, 100
"""Limit of the unpacked size: so many bytes, or if more, so many times the packed size.

Real tables grow 5 to 40 times.
"""

ALWAYS_ROWS = 1_000_000
"""Limit of the rows of a Parquet file; a file of more bytes may have as many rows as bytes."""

_GZIP_MOST = 1_032
"""Highest compression ratio of DEFLATE (zlib's technical details)."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A rejected row: its line number (the header is line 1) and the reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Problems:
    """Rejected rows of a table, in file order; `n_rows` counts all its rows."""

    n_rows: int
    rows: tuple[RowProblem, ...] = field(default_factory=tuple)

    def summary(self, n_most: int = 5) -> str:
        """One line for people: how many rows were rejected, and the first reasons."""
        shown = "; ".join(f"line {one.line}: {one.reason}" for one in self.rows[:n_most])
        more = f"; and {len(self.rows) - n_most} more" if len(self.rows) > n_most else ""
        return f"{len(self.rows)} of {self.n_rows} rows left out ({shown}{more})" if self.rows else ""


def read_frame(path: Path, columns: Sequence[str], required: Sequence[str]) -> pd.DataFrame:
    """Read the known columns of a .csv, .csv.gz or .parquet file as text.

    Returns:
        all of `columns` as str ("" if absent), and `LINE`, the row's line number.

    Raises:
        InputError: the file is missing or unreadable, unpacks to too much, or lacks a required column.
    """
    return pd.concat(list(read_frames(path, columns, required)), ignore_index=True)


def column_names(path: Path) -> list[str]:
    """Names of a Parquet file's columns.

    Raises:
        InputError: the file is missing, or not a Parquet file.
    """
    _require_bounded(path)
    try:
        return [name.strip() for name in pq.read_schema(path).names]
    except (ValueError, OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def read_frames(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[pd.DataFrame]:
    """`read_frame` in pieces of `PIECE_ROWS`, at least one: memory use stays bounded.

    Raises:
        InputError: as for `read_frame`, perhaps after some pieces.
    """
    first_line = 2
    for frame in _pieces(path, columns):
        frame.columns = [str(name).strip() for name in frame.columns]
        missing = [name for name in required if name not in frame.columns]
        if missing:
            raise InputError(f"{path.name} has no column {', '.join(missing)}")
        known = {name: _as_text(frame[name]) if name in frame else "" for name in columns}
        lines = range(first_line, first_line + len(frame))
        yield pd.DataFrame({**known, LINE: lines}, index=frame.index)
        first_line += len(frame)


def _require_bounded(path: Path) -> None:
    """Check the unpacked size before reading (guards against decompression bombs).

    Raises:
        InputError: the file is missing or unreadable, or larger than the limits above.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path.name}")
    most = max(ALWAYS_BYTES, MOST_GROWTH * path.stat().st_size)
    try:
        n_bytes, n_rows = _unpacked(path, most)
    except (ValueError, OSError, EOFError, zlib.error, pa.ArrowException) as error:
        raise _unreadable(path, error) from error
    if n_bytes > most:
        raise InputError(f"{path.name} would be more than {most // 2**20:,} MiB unpacked; unpack it yourself")
    if n_rows > max(ALWAYS_ROWS, path.stat().st_size):
        raise InputError(
            f"{path.name} claims {n_rows:,} rows in {path.stat().st_size:,} bytes; write it as CSV"
        )


def _unpacked(path: Path, most: int) -> tuple[int, int]:
    """Unpacked bytes, counted up to `most`, and the number of rows or 0 if unknown."""
    if path.suffix == ".parquet":
        found = pq.read_metadata(path)
        groups = (found.row_group(one) for one in range(found.num_row_groups))
        return sum(one.total_byte_size for one in groups), int(found.num_rows)
    if path.suffix != ".gz" or path.stat().st_size * _GZIP_MOST <= most:
        return 0, 0
    n_bytes = 0
    with gzip.open(path) as file:
        while n_bytes <= most and (block := file.read(1 << 20)):
            n_bytes += len(block)
    return n_bytes, 0


def _pieces(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    _require_bounded(path)
    try:
        yield from _parquet(path, columns) if path.suffix == ".parquet" else _csv(path)
    except (ValueError, OSError, EOFError, zlib.error, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def _csv(path: Path) -> Iterator[pd.DataFrame]:
    # pandas must not guess a compression from the name: only gzip is checked for its unpacked size
    packed: Literal["gzip"] | None = "gzip" if path.suffix == ".gz" else None
    with pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        on_bad_lines="error",
        compression=packed,
        chunksize=PIECE_ROWS,
    ) as pieces:
        for frame in pieces:
            if not isinstance(frame.index, pd.RangeIndex):  # pandas takes the first column as row names
                raise ValueError("a row holds more values than the header has columns")
            yield frame


def _parquet(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    schema = pq.read_schema(path)
    present = [field for field in schema if field.name.strip() in columns]
    texts = [field.name for field in present if pa.types.is_string(field.type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        n_pieces = 0
        for batch in file.iter_batches(PIECE_ROWS, columns=[field.name for field in present]):
            n_pieces += 1
            yield pd.DataFrame({name: _clipped(batch.column(name)) for name in batch.schema.names})
        if not n_pieces:
            yield pd.DataFrame({field.name: [] for field in present}, dtype=str)


def _clipped(column: pa.Array) -> "pd.Series[str]":
    """The column with texts cut to `LONGEST` + 1 characters: still seen to be too long."""
    if pa.types.is_dictionary(column.type):
        # on the dictionary, so that each distinct text is cut once
        cut = pc.utf8_slice_codeunits(column.dictionary, 0, LONGEST + 1)
        column = pa.DictionaryArray.from_arrays(column.indices, cut).cast(pa.string())
    return cast("pd.Series[str]", column.to_pandas())


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return InputError(f"{path.name} cannot be read as a table: {reason}")


def _as_text(column: "pd.Series[str]") -> "pd.Series[str]":
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").astype(str).str.strip()
    # numbers as ids: integers with gaps arrive as floats, such as 1234.0
    whole = column.astype("string").fillna("")
    return whole.str.replace(r"\.0$", "", regex=True).astype(str)
