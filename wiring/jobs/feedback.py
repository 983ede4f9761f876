"""Export of feedback, as a table to train on."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from rich.console import Console

from matcher.errors import InputError
from matcher.ports import ScoredPair
from wiring.bootstrap import application

WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    ".csv": pyarrow.csv.write_csv,
    ".parquet": pq.write_table,
}


def export_feedback(out: Path, console: Console) -> int:
    """Write all feedback as a pairs table and return the number of pairs.

    Columns: `listener_id, friend_id, score`. Ids are Earshot's own random ones; nothing comes from Spotify.

    Raises:
        InputError: the file cannot be written, or its name does not end in .csv or .parquet.
        StorageUnreachable: the database does not answer.
    """
    n_pairs = write_pairs(application().feedback.store.strongest(), out)
    console.print(f"{n_pairs:,} pairs written to {out}", markup=False)
    return n_pairs


def write_pairs(pairs: Iterable[ScoredPair], out: Path) -> int:
    """Write pairs as `earshot train --pairs` reads them, and return their number.

    Raises:
        InputError: the file cannot be written, or its name does not end in .csv or .parquet.
    """
    if out.suffix not in WRITERS:
        raise InputError(f"{out.name} must end in {' or '.join(WRITERS)}")
    table = _table(list(pairs))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        WRITERS[out.suffix](table, out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    return int(table.num_rows)


def _table(pairs: list[ScoredPair]) -> pa.Table:
    return pa.table(
        {
            "listener_id": pa.array([one.listener_id for one in pairs], pa.string()),
            "friend_id": pa.array([one.friend_id for one in pairs], pa.string()),
            "score": pa.array([one.score for one in pairs], pa.float64()),
        }
    )
