"""Sums of plays on disk, sorted by listener in two passes, however large the dump.

The partitioning of a Grace hash join (M. Kitsuregawa et al., "Application of Hash to Data Base Machine and
Its Architecture", New Generation Computing 1, 1983): the first pass parts rows into buckets by listener, the
second takes one bucket at a time. Both go on where they ended, if they are interrupted.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_ROWS = 1_000_000
"""Rows kept in memory before they are written."""

SCHEMA = pa.schema(
    {
        "listener": pa.string(),
        "artist": pa.string(),
        "title": pa.string(),
        "n": pa.int64(),
        "months": pa.int64(),
    }
)
"""Rows of sums: `n` plays, and the sum of their months, counted from year 0."""

_KEYS, _SUMS = ["listener", "artist", "title"], ["n", "months"]
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


class SortedPlays:
    """Sums of plays in a folder, by bucket of listeners.

    A folder of an earlier run is taken up again; what that run had not finished is begun anew.
    """

    def __init__(self, folder: Path, n_buckets: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._notes = folder, folder / "notes.json"
        self._state: dict[str, object] = {"n_buckets": n_buckets, "files": [], "members": {}, "done": []}
        if self._notes.exists():
            self._state = json.loads(self._notes.read_text())
        for stray in set(folder.glob("*.arrow")) - {folder / name for name in self._files}:
            stray.unlink()
        self._waiting: list[pa.Table] = []
        self._written: list[str] = []

    @property
    def n_buckets(self) -> int:
        return int(str(self._state["n_buckets"]))

    @property
    def members(self) -> dict[str, dict[str, int]]:
        """What was counted of each member that is sorted."""
        return self._state["members"]  # type: ignore[return-value]

    @property
    def _files(self) -> list[str]:
        return self._state["files"]  # type: ignore[return-value]

    @property
    def _done(self) -> list[int]:
        return self._state["done"]  # type: ignore[return-value]

    def add(self, rows: pa.Table) -> None:
        """Add rows of `SCHEMA`, in any order."""
        self._waiting.append(summed(rows))
        if sum(table.num_rows for table in self._waiting) > MOST_ROWS:
            self._waiting = [summed(pa.concat_tables(self._waiting))]
            if self._waiting[0].num_rows > MOST_ROWS // 2:
                self._write()

    def finish(self, member: str, counts: dict[str, int]) -> None:
        """Note that all rows of a member were added: it is not to be read again."""
        self._write()
        self._files.extend(self._written)
        self._written = []
        self.members[member] = counts
        self._save()

    def buckets(self, *, note: bool = True) -> Iterator[pa.Table]:
        """Buckets that are not done, rows of `SCHEMA` sorted by listener.

        With `note`, each is noted as done when the next one is taken.
        """
        files = [pa.ipc.open_file(pa.memory_map(str(self._folder / name))) for name in self._files]
        for bucket in range(self.n_buckets):
            if bucket in self._done:
                continue
            batches = [file.get_batch(bucket) for file in files]
            yield summed(pa.Table.from_batches(batches, SCHEMA)).sort_by("listener")
            if note:
                self._done.append(bucket)
                self._save()

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder)

    def _write(self) -> None:
        if not self._waiting:
            return
        rows = summed(pa.concat_tables(self._waiting)).combine_chunks()
        self._waiting = []
        bucket_of = _buckets(rows["listener"], self.n_buckets)
        order = np.argsort(bucket_of, kind="stable")
        rows, ends = (
            rows.take(pa.array(order)),
            np.searchsorted(bucket_of[order], np.arange(self.n_buckets + 1)),
        )
        name = f"{len(self._files) + len(self._written):06d}.arrow"
        with pa.ipc.new_file(str(self._folder / name), SCHEMA, options=_OPTIONS) as file:
            for start, end in pairwise(ends.tolist()):
                file.write_batch(_batch(rows.slice(start, end - start)))
        self._written.append(name)

    def _save(self) -> None:
        fresh = self._notes.with_suffix(".new")
        fresh.write_text(json.dumps(self._state))
        fresh.replace(self._notes)


def summed(rows: pa.Table) -> pa.Table:
    """Rows of `SCHEMA`, distinct by listener, artist and title."""
    found = rows.group_by(_KEYS).aggregate([(name, "sum") for name in _SUMS])
    return found.rename_columns([*_KEYS, *_SUMS]).cast(SCHEMA)


def _batch(rows: pa.Table) -> pa.RecordBatch:
    arrays = [column.combine_chunks() for column in rows.columns]
    plain = [one.chunk(0) if isinstance(one, pa.ChunkedArray) else one for one in arrays]
    return pa.RecordBatch.from_arrays(plain, schema=SCHEMA)


def _buckets(listeners: pa.ChunkedArray, n_buckets: int) -> np.ndarray:
    """[n] bucket of each listener, by the first digits of their digest."""
    told = listeners.combine_chunks().dictionary_encode()
    told = told.combine_chunks() if isinstance(told, pa.ChunkedArray) else told
    by_listener = np.array([int(key[:8], 16) % n_buckets for key in told.dictionary.to_pylist()], np.int64)
    found: np.ndarray = by_listener[told.indices.to_numpy()] if len(by_listener) else np.zeros(0, np.int64)
    return found


def listeners_in(bucket: pa.Table) -> Iterator[tuple[str, Sequence[tuple[str, str, int, int]]]]:
    """Each listener of a sorted bucket with their sums: artist, title, plays, and sum of months."""
    keys = bucket["listener"].combine_chunks()
    changed = pc.not_equal(keys[1:], keys[:-1]).to_numpy(zero_copy_only=False) if len(keys) > 1 else []
    starts = [0, *(np.flatnonzero(changed) + 1).tolist(), len(keys)]
    for start, end in pairwise(starts):
        if start < end:
            part = bucket.slice(start, end - start)
            columns = [part[name].to_pylist() for name in ("artist", "title", *_SUMS)]
            yield keys[start].as_py(), list(zip(*columns, strict=True))
