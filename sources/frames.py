"""Reads tables as text, with line numbers: delimited text and Parquet, told apart by content."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from matcher.errors import InputError
from sources.columnar import all_names, read_columns
from sources.delimited import (
    ALWAYS_BYTES,
    MOST_GROWTH,
    Encoding,
    Lines,
    Record,
    encoding_of,
    header_of,
    is_gzip,
    known_name,
    open_bytes,
    open_text,
    records,
)
from sources.foreign import foreign_kind

LINE, REASON = "__line__", "__reason__"
"""Columns of every frame: the row's line number, and why the row cannot be read ("" if it can)."""

Piece = Mapping[str, Sequence[Any]]
"""Some rows of a table: equally long columns of str by name, with `LINE` (int) and `REASON`."""

LONGEST = 2_000
"""Most characters of a text; longer ones are not names or ids."""

PIECE_ROWS, _BLOCK_ROWS = 20_000, 200

ALWAYS_ROWS = 1_000_000
"""Limit of the rows of a Parquet file; a file of more bytes may have as many rows as bytes."""

_GZIP_MOST = 1_032
"""Highest compression ratio of DEFLATE (zlib's technical details)."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A rejected row: the number of its first line (of a Parquet file 1 + its place) and the reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Problems:
    """Rejected rows of a table, in file order; `n_rows` counts all its rows."""

    n_rows: int
    rows: tuple[RowProblem, ...] = field(default_factory=tuple)

    def require_any_usable(self, path: Path) -> None:
        """Refuse a table of which no row is left.

        Raises:
            InputError: there are rows, and all were rejected.
        """
        if self.rows and len(self.rows) == self.n_rows:
            raise InputError(f"{path.name}: {self.summary()}")

    def require_mostly_usable(self, path: Path) -> None:
        """Refuse a table of which most rows are lost: the rest would say something else.

        Raises:
            InputError: more than half of the rows were rejected.
        """
        if 2 * len(self.rows) > self.n_rows:
            raise InputError(f"{path.name}: {self.summary()}; correct it, for most rows would be lost")

    def summary(self, n_most: int = 5) -> str:
        """One line for people: how many rows were rejected, and the first line of each reason."""
        lines: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            lines[row.reason].append(row.line)
        reasons = [f"line {_first(found)}: {reason}" for reason, found in lines.items()]
        shown = "; ".join(reasons[:n_most])
        more = f"; and {len(reasons) - n_most} more reasons" if len(reasons) > n_most else ""
        return f"{len(self.rows)} of {self.n_rows} rows left out ({shown}{more})" if self.rows else ""


def _first(lines: Sequence[int]) -> str:
    return f"{lines[0]} and {len(lines) - 1:,} more" if len(lines) > 1 else str(lines[0])


def read_frame(path: Path, columns: Sequence[str], required: Sequence[str]) -> pd.DataFrame:
    """Read the known columns of a table as text.

    Returns:
        all of `columns` as str ("" if absent), and `LINE` and `REASON`.

    Raises:
        InputError: the file is missing or unreadable, unpacks to too much, or lacks a required column.
    """
    pieces = read_pieces(path, columns, required)
    return pd.concat([pd.DataFrame(piece, dtype=object) for piece in pieces], ignore_index=True)


def column_names(path: Path) -> list[str]:
    """Names of a Parquet file's columns.

    Raises:
        InputError: the file is missing, or not a Parquet file.
    """
    _require_bounded(path)
    try:
        return [name.strip() for name in all_names(path)]
    except (ValueError, OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


def read_pieces(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Piece]:
    """The columns of `read_frame` in pieces of `PIECE_ROWS`, at least one: memory use stays bounded.

    Raises:
        InputError: as for `read_frame`, perhaps after some pieces.
    """
    _require_bounded(path)
    try:
        _require_table(path, columns, required)
        yield from (_parquet if _is_parquet(path) else _delimited)(path, columns, required)
    except (ValueError, OSError, EOFError, zlib.error, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


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
    if _is_parquet(path):
        found = pq.read_metadata(path)
        groups = (found.row_group(one) for one in range(found.num_row_groups))
        return sum(one.total_byte_size for one in groups), int(found.num_rows)
    if not is_gzip(path) or path.stat().st_size * _GZIP_MOST <= most:
        return 0, 0
    n_bytes = 0
    with open_bytes(path) as file:
        while n_bytes <= most and (block := file.read(1 << 20)):
            n_bytes += len(block)
    return n_bytes, 0


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _parquet(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Piece]:
    _require_columns(path, all_names(path), columns, required)
    first_line = 2
    for piece in read_columns(path, columns, PIECE_ROWS, LONGEST + 1):
        n_rows = max(map(len, piece.values()), default=0)
        yield _piece(piece, columns, range(first_line, first_line + n_rows), [""] * n_rows)
        first_line += n_rows


def _delimited(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Piece]:
    encoding = encoding_of(path)
    with open_text(path, encoding) as file:
        lines = Lines(file)
        header, delimiter = header_of(lines, columns)
        _require_columns(path, header, columns, required)
        names = [known_name(name, columns) for name in header]
        rows = records(lines, delimiter, len(names))
        while True:
            piece = _of_records(rows, names, columns, encoding)
            yield piece
            if len(piece[LINE]) < PIECE_ROWS:
                return


def _of_records(
    rows: Iterator[Record], header: Sequence[str], columns: Sequence[str], encoding: Encoding
) -> Piece:
    """The next `PIECE_ROWS` rows."""
    places = [header.index(name) for name in columns if name in header]
    texts: list[list[str]] = [[] for _ in places]
    lines: list[int] = []
    reasons: list[str] = []
    # in blocks so small that the garbage collector never meets their rows
    while len(lines) < PIECE_ROWS and (block := list(islice(rows, _BLOCK_ROWS))):
        numbers, cells = zip(*block, strict=True)
        values, why = _of_width(list(cells), len(header), encoding)
        lines += numbers
        reasons += why
        by_place = list(zip(*values, strict=True))
        for column, place in zip(texts, places, strict=True):
            column.extend(map(str.strip, by_place[place]))
    names = (name for name in columns if name in header)
    return _piece(dict(zip(names, texts, strict=True)), columns, lines, reasons)


def _of_width(rows: list[list[str]], n_columns: int, encoding: Encoding) -> tuple[list[list[str]], list[str]]:
    """Rows of the header's width, and the reason of each that is unreadable."""
    reasons = [""] * len(rows)
    for place in _odd_rows(rows, n_columns, encoding):
        reasons[place] = _reason(rows[place], n_columns)
        # a row may end early; that it holds too much is told by its reason
        rows[place] = (rows[place] + [""] * n_columns)[:n_columns]
    return rows, reasons


def _odd_rows(rows: Sequence[Sequence[str]], n_columns: int, encoding: Encoding) -> list[int]:
    return [
        place
        for place, cells in enumerate(rows)
        if len(cells) != n_columns or (encoding.damaged and "\ufffd" in "".join(cells))
    ]


def _reason(cells: Sequence[str], n_columns: int) -> str:
    if len(cells) > n_columns:
        return f"the row holds more values than the header has columns ({len(cells)} and {n_columns})"
    return "" if len(cells) < n_columns else "some bytes are not UTF-8, as the rest of the file is"


def _piece(
    texts: Mapping[str, Sequence[str]], columns: Sequence[str], lines: Sequence[int], reasons: Sequence[str]
) -> Piece:
    absent = [""] * len(lines)
    known = {name: texts.get(name, absent) for name in columns}
    return {**known, LINE: lines, REASON: reasons}


def _require_columns(
    path: Path, found: Sequence[str], columns: Sequence[str], required: Sequence[str]
) -> None:
    """Check that the required columns are there.

    Raises:
        InputError: one is missing; the text names what is there and what would do.
    """
    names = {known_name(name, columns) for name in found}
    if missing := [name for name in required if name not in names]:
        has = f"its columns are {_listed(found)}" if any(found) else "no columns were found"
        raise InputError(
            f"{path.name} has no column {', '.join(missing)}: {has}; {_wanted(columns, required)}"
        )


def _require_table(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    """Check that the file may be a table.

    Raises:
        InputError: it is something else; the text names what, and what would do.
    """
    if kind := foreign_kind(path):
        raise InputError(f"{path.name} is {kind}; {_wanted(columns, required)}")


def _wanted(columns: Sequence[str], required: Sequence[str]) -> str:
    others = ", ".join(name for name in columns if name not in required)
    needs = f"needs {', '.join(required)}, and can have" if required else "has columns such as"
    return f"a table (CSV or Parquet) {needs} {others}"


def _listed(names: Sequence[str], n_most: int = 12, longest: int = 40) -> str:
    shown = [name[:longest] if name.isprintable() else "?" for name in names[:n_most]]
    return ", ".join(shown) + (f" and {len(names) - n_most} more" if len(names) > n_most else "")


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return InputError(f"{path.name} cannot be read as a table: {reason}")
