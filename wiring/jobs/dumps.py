"""Import of ListenBrainz' public dumps as candidates."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from matcher.domain.listening import Listening
from matcher.matching.service import ProfileBatch
from matcher.ports import Account
from sources.dumps.archives import n_bytes
from sources.dumps.listenbrainz import Look, Reading, listenings, sort_listens
from sources.dumps.sorting import SortedPlays
from wiring.bootstrap import Application, application
from wiring.jobs.importing import await_model, report_on, tell_imported
from wiring.jobs.progress import rate_bar
from wiring.spotify import listenbrainz_account

_BUCKET_BYTES, _MOST_BUCKETS = 32 << 20, 256
"""Bytes of a dump per bucket; a bucket is sorted in memory."""


def import_dump(paths: Sequence[Path], console: Console, wait_s: float = 0.0, dry_run: bool = False) -> int:
    """Import the listeners of a dump as discoverable candidates; return their number.

    Plays are sorted in a folder below the home, which is deleted in the end. After a kill, the same command
    goes on where it ended. With `dry_run`, nothing is stored, and the sorted plays wait for the import.

    Raises:
        InputError: a file is damaged, or no dump of listens.
        ModelMissing: there is no model, and none came in `wait_s` seconds.
    """
    app, size = application(), n_bytes(paths)
    plays = SortedPlays(folder_of(app, paths), min(max(size // _BUCKET_BYTES, 1), _MOST_BUCKETS))
    with rate_bar(console, "Sorting listens", "rows", size) as look:
        _tell_read(sort_listens(paths, plays, look), console)
    if dry_run:
        found = report_on(app, _batches(app, plays, note=False), console)
        console.print("the sorted listens are kept for the import; it will not read the dump again")
        return found
    await_model(app, wait_s)
    with rate_bar(console, "Embedding listeners", "listeners", plays.n_buckets) as look:
        imported = app.service.add_candidates(_batches(app, plays, look), _account)
    plays.remove()
    tell_imported(imported, console)
    return imported.n_kept


def folder_of(app: Application, paths: Sequence[Path]) -> Path:
    """Where a dump is sorted: another folder for other files, or the same changed."""
    told = [f"{path.resolve()} {n_bytes([path])} {path.stat().st_mtime_ns}" for path in paths]
    return app.settings.home / "imports" / hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _tell_read(reading: Reading, console: Console) -> None:
    console.print(f"{reading.n_rows:,} listens read")
    for why, n in sorted(reading.left_out.items()):
        if n:
            console.print(f"left out: {n:,} {why}")


def _batches(
    app: Application, plays: SortedPlays, look: Look = lambda *_: None, *, note: bool = True
) -> Iterator[ProfileBatch]:
    for place, bucket in enumerate(plays.buckets(note=note)):
        for batch in app.service.profiles_of(listenings(bucket)):
            yield batch
            look(len(batch), place)
        # the bucket is noted as done when the next one is taken: all of its batches are stored by now


def _account(listening: Listening) -> Account:
    return listenbrainz_account(listening.listener_id)
