"""Files that a listener downloads from any service or player, as one listening.

Files are told apart by their content, whatever they and their folders are called; only those about a person
(identity, payments, searches and others) are known by their names, and not opened.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from io import FileIO
from pathlib import Path
from typing import IO

from matcher.domain.listening import Listening, PartStatus, Source
from matcher.errors import InputError
from matcher.ports import silent
from sources.delimited import column_name
from sources.exports.archive import (
    UNREADABLE,
    JsonFile,
    digest_of,
    is_archive,
    is_workbook,
    json_files,
    unreadable,
)
from sources.exports.documents import Shape, columns_of, rows_in, shape_of
from sources.exports.formats import Format, Learner, format_of
from sources.exports.json_rows import Row
from sources.exports.reading import Reading
from sources.exports.roles import OF_LISTENERS
from sources.exports.workbook import MUSIC_SHEETS, sheet_names, workbook_rows
from sources.foreign import foreign_kind

PRIVATE = re.compile(
    r"user|address|ident|payment|purchase|subscription|search|inference|family|duo|household|message|"
    r"customer|voice|marquee|technical|account|profile|contact|comment|live chat|device|location",
    re.IGNORECASE,
)
"""How the names of files begin that are never opened."""

ENDINGS = (".json", ".csv", ".tsv", ".xml", ".xspf", ".jspf", ".m3u", ".m3u8", ".log")
"""How the names of files in an archive end that may hold music."""

_TELL_EVERY = 5_000  # rows
_WANTED = (
    "Earshot reads rows with ts and ms_played, or with endTime and msPlayed, playlists, and YourLibrary "
    "(tracks, albums, artists); of other services, rows with a title and an artist, such as track_name and "
    "artist_name, and with played_at if they are plays"
)


@dataclass(frozen=True, slots=True)
class Export:
    """Listening of one listener.

    Attributes:
        left_out: what does not count, a line for each reason.
        services: where the files come from, as far as their formats are of one service only.
    """

    listening: Listening
    left_out: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    file: JsonFile

    @contextmanager
    def rows(self, tell: Callable[[int], None] = silent) -> Iterator[Iterator[Row]]:
        """Its rows; `tell` is told now and then how many bytes of it were read.

        Raises:
            InputError: they cannot be read; also from within the context.
        """
        is_sheet = self.path.name == self.file.name and is_workbook(self.path)
        try:
            with self.file.open_bytes() as binary:
                rows = workbook_rows(self.path) if is_sheet else rows_in(self.file, binary)
                with closing(rows):
                    yield _told(rows, binary, tell)
        except UNREADABLE as error:
            raise unreadable(self.path, self.file.name, error) from error


def _told(rows: Iterator[Row], binary: IO[bytes], tell: Callable[[int], None]) -> Iterator[Row]:
    for n, row in enumerate(rows):
        if n % _TELL_EVERY == 0:
            tell(binary.tell())
        yield row


def is_export(path: Path) -> bool:
    """Whether a file is of one listener rather than a table of many, by its content.

    All JSON and XML is, all ZIP archives, and tables that name tracks but no listeners.
    """
    if not path.is_file():
        return False
    try:
        if is_archive(path):
            return not is_workbook(path) or any(map(MUSIC_SHEETS.fullmatch, sheet_names(path)))
        file = JsonFile(path.name, partial(FileIO, path), path.stat().st_size)
        shape = shape_of(file)
        if shape is Shape.TABLE:
            with _Found(path, file).rows() as rows:
                return format_of(rows) is not None
    except (*UNREADABLE, InputError):
        return False
    return shape is not Shape.OTHER


def read_export(
    files: Sequence[Path],
    listener_id: str = "",
    source: Source | None = None,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    report: Callable[[float], None] = silent,
) -> Export:
    """Read the files of one listener, archives or single files, in any mixture.

    Without `listener_id`, a digest of the files is the id. Facts are at the first moment of their month.
    `source` is that of the files if not given. `report` is told the share that was read, in [0, 1].

    Raises:
        InputError: a file is damaged or hostile, most of its rows are malformed, or there is no music at all.
    """
    reading = Reading()
    with ExitStack() as stack:
        found = [
            _Found(path, one)
            for path in files
            for one in stack.enter_context(json_files(path, PRIVATE, ENDINGS))
        ]
        known = _known(found)
        _read(reading, sorted(known, key=lambda one: one[1].rank), report)
    hearings = reading.hearings()
    if not hearings:
        raise InputError(f"{_listed([path.name for path in files])}: {_instead(files, found)}; {_WANTED}")
    services = {kind.service for _, kind in known}
    its_source = Source.SPOTIFY_EXPORT if services == {"Spotify"} else Source.FILE
    parts = dict.fromkeys(hearings.parts(), PartStatus.OK)
    listening = Listening(
        listener_id or digest_of(files),
        source or its_source,
        hearings,
        artist_tags or {},
        parts,
        unbroken=reading.unbroken(),
    )
    left_out = tuple(f"{n:,} {why}" for why, n in reading.omitted.items() if n)
    named = tuple(sorted(services - {""}))
    if len(named) == 1 and listening.source is Source.FILE:
        listening = replace(listening, service=named[0])
    return Export(listening, left_out, named)


def require_music(path: Path) -> None:
    """Check by the first rows that an archive or a file holds something of a known format.

    Raises:
        InputError: it is damaged or hostile, or holds nothing of the kind.
    """
    with ExitStack() as stack:
        found = [_Found(path, one) for one in stack.enter_context(json_files(path, PRIVATE, ENDINGS))]
        if not _known(found):
            raise InputError(f"{_listed([path.name])}: {_instead([path], found)}; {_WANTED}")


def _known(found: Sequence[_Found]) -> list[tuple[_Found, Format]]:
    """The files of a known format; in an archive with such, what is of no format at all is passed over.

    Raises:
        InputError: a file cannot be read.
    """
    known, refused = [], []
    for one in found:
        try:
            kind = _format_of(one)
        except InputError as error:
            if one.path.name == one.file.name or not _is_nothing(one.file):
                raise
            refused.append(error)
            continue
        if kind:
            known.append((one, kind))
    if refused and not known:
        raise refused[0]
    return known


def _is_nothing(file: JsonFile) -> bool:
    with suppress(*UNREADABLE):
        return shape_of(file) is Shape.OTHER
    return False


def _format_of(one: _Found) -> Format | None:
    with one.rows() as rows:
        return format_of(rows)


def _read(reading: Reading, found: Sequence[tuple[_Found, Format]], report: Callable[[float], None]) -> None:
    readers = [(one, kind.reader(reading, Path(one.file.name).stem)) for one, kind in found]
    for one, reader in readers:
        if isinstance(reader, Learner):
            with one.rows() as rows:
                reader.learn(rows)
    n_all, n_done = sum(one.file.n_bytes for one, _ in found) or 1, 0
    for one, reader in readers:
        with one.rows(partial(_tell_share, report, n_done, n_all)) as rows:
            reading.read(reader.read, rows)
        n_done += one.file.n_bytes
    report(1.0)


def _tell_share(report: Callable[[float], None], n_before: int, n_all: int, n_bytes: int) -> None:
    report(min((n_before + n_bytes) / n_all, 1.0))


def _instead(files: Sequence[Path], found: Sequence[_Found]) -> str:
    """What was found where there is no music."""
    if found and len(files) == 1 and not is_archive(files[0]):
        return f"no music in {_contents(found[0]) or foreign_kind(files[0]) or 'this file'}"
    if not found and all(map(PRIVATE.match, (path.name for path in files))):
        return "by its name it is about a person, so it was not opened"
    names = _listed([one.file.name for one in found])
    return f"no music in {names}" if names else "it holds no JSON about music"


def _contents(one: _Found) -> str:
    """What a table or a web page holds; "" of other files."""
    shape = shape_of(one.file)
    if shape is Shape.PAGE:
        return "a web page; choose JSON or CSV where the service asks for a format"
    if shape is not Shape.TABLE:
        return ""
    columns = columns_of(one.file)
    if not OF_LISTENERS.isdisjoint(map(column_name, columns)):
        return f"this table of several listeners (its columns are {_listed(columns, 12)})"
    return f"a table with the columns {_listed(columns, 12)}"


def _listed(names: Sequence[str], n_most: int = 8) -> str:
    shown = [name[:60] if name.isprintable() else "?" for name in names[:n_most]]
    return ", ".join(shown) + (f" and {len(names) - n_most} more" if len(names) > n_most else "")
