"""Reading tables from CSV(.gz) or Parquet as text, with the line number of every row."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from matcher.errors import InputError

LINE = "__line__"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was left out: its line number in the file (the header is line 1) and the reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Problems:
    """Rows that were left out of a table.

    Attributes:
        n_rows: rows in the file, good and bad.
        rows: every bad row, in the order of the file.
    """

    n_rows: int
    rows: tuple[RowProblem, ...] = field(default_factory=tuple)

    def summary(self, n_most: int = 5) -> str:
        """One line for people: how many rows were left out and the first reasons."""
        shown = "; ".join(f"line {one.line}: {one.reason}" for one in self.rows[:n_most])
        more = f"; and {len(self.rows) - n_most} more" if len(self.rows) > n_most else ""
        return f"{len(self.rows)} of {self.n_rows} rows left out ({shown}{more})" if self.rows else ""


def read_frame(path: Path, columns: Sequence[str], required: Sequence[str]) -> pd.DataFrame:
    """Read the known columns of a table as text, empty where there is nothing.

    Args:
        path: a file ending in .csv, .csv.gz or .parquet.
        columns: columns that are known; others are ignored.
        required: columns without which the file makes no sense.

    Returns:
        all of `columns` as str (empty where absent), and `LINE`, the row's line number.

    Raises:
        InputError: no such file, not such a table, or a required column is missing.
    """
    frame = _load(path)
    frame.columns = [str(name).strip() for name in frame.columns]
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}")
    known = {name: _as_text(frame[name]) if name in frame else "" for name in columns}
    return pd.DataFrame({**known, LINE: range(2, len(frame) + 2)}, index=frame.index)


def _load(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(f"there is no file {path.name}")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, on_bad_lines="error")
    except (ValueError, OSError, EOFError, zlib.error, pa.ArrowException) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise InputError(f"{path.name} cannot be read as a table: {reason}") from error


def _as_text(column: "pd.Series[str]") -> "pd.Series[str]":
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").astype(str).str.strip()
    whole = column.astype("string").fillna("")
    return whole.str.replace(r"\.0$", "", regex=True).astype(str)
