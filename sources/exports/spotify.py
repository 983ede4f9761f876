"""Spotify's account data and extended streaming history, as a listener downloads them.

Files are told apart by their content, whatever they and their folders are called; only those about a person
(identity, payments, searches and others) are known by their names, and not opened.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from matcher.domain.listening import Listening, PartStatus, Source
from matcher.errors import InputError
from matcher.ports import silent
from sources.exports.archive import UNREADABLE, JsonFile, is_archive, json_files, unreadable
from sources.exports.json_rows import Row, rows_of
from sources.exports.spotify_rows import ExportReading, Kind, kind_of
from sources.foreign import foreign_kind

_Result = TypeVar("_Result")

PRIVATE = re.compile(
    r"user|address|ident|payment|purchase|subscription|search|inference|family|duo|household|message|"
    r"customer|voice|marquee|technical",
    re.IGNORECASE,
)
"""How the names of files begin that are never opened."""

_WANTED = (
    "Earshot reads rows with ts and ms_played, or with endTime and msPlayed, playlists, and YourLibrary "
    "(tracks, albums, artists)"
)


@dataclass(frozen=True, slots=True)
class SpotifyExport:
    """Listening of one listener, and what was left out, a line for each reason."""

    listening: Listening
    left_out: tuple[str, ...]


def is_export(path: Path) -> bool:
    """Whether a file is JSON, or a ZIP archive other than an Excel workbook, by its content."""
    if not path.is_file():
        return False
    if is_archive(path):
        return "Excel" not in foreign_kind(path)
    with path.open("rb") as file:
        start = file.read(1 << 12)
    text = start.decode(json.detect_encoding(start), "ignore")
    return re.match(r"\s*(?:\{|\[\s*(?:[\[{\]]|$))", text) is not None


def read_export(
    files: Sequence[Path],
    listener_id: str = "",
    source: Source = Source.SPOTIFY_EXPORT,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    report: Callable[[float], None] = silent,
) -> SpotifyExport:
    """Read the files of one listener, archives or single JSON files, in any mixture.

    Without `listener_id`, a digest of the files is the id. Facts are at the first moment of their month.
    `report` is told the share that was read, in [0, 1].

    Raises:
        InputError: a file is damaged or hostile, most of its rows are malformed, or there is no music at all.
    """
    reading = ExportReading()
    with ExitStack() as stack:
        found = [(path, one) for path in files for one in stack.enter_context(json_files(path, PRIVATE))]
        kinds = [_use(path, one, kind_of) for path, one in found]
        in_order = sorted(zip(found, kinds, strict=True), key=lambda one: one[1].value)
        for n, ((path, one), kind) in enumerate(in_order, start=1):
            if kind is not Kind.OTHER:
                _use(path, one, partial(reading.read, kind))
            report(n / len(in_order))
    hearings = reading.hearings()
    if not hearings:
        raise InputError(f"{_listed([path.name for path in files])}: {_instead(files, found)}; {_WANTED}")
    parts = {hearing.part: PartStatus.OK for hearing in hearings}
    listening = Listening(listener_id or _digest(files), source, hearings, artist_tags or {}, parts)
    return SpotifyExport(listening, tuple(f"{n:,} {why}" for why, n in reading.omitted.items() if n))


def _use(path: Path, file: JsonFile, use: Callable[[Iterator[Row]], _Result]) -> _Result:
    """Use the rows of a file.

    Raises:
        InputError: they cannot be read.
    """
    try:
        with file.text() as text:
            return use(rows_of(text))
    except UNREADABLE as error:
        raise unreadable(path, file.name, error) from error


def _instead(files: Sequence[Path], found: Sequence[tuple[Path, JsonFile]]) -> str:
    """What was found where there is no music."""
    if found and len(files) == 1 and not is_archive(files[0]):
        return f"no music in {foreign_kind(files[0]) or 'this JSON'}"
    names = _listed([file.name for _, file in found])
    return f"no music in {names}" if names else "it holds no JSON about music"


def _listed(names: Sequence[str], n_most: int = 8) -> str:
    shown = [name[:60] if name.isprintable() else "?" for name in names[:n_most]]
    return ", ".join(shown) + (f" and {len(names) - n_most} more" if len(names) > n_most else "")


def _digest(files: Sequence[Path]) -> str:
    """Digest of the contents, whatever their names and order: the same files are the same listener."""
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").digest())
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:40]
