"""Read listening tables or exports with tags, and report skipped rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from matcher.domain.listening import Listening, Source
from matcher.errors import InputError
from matcher.ports import silent
from sources.exports.reader import is_export, read_export, require_music
from sources.scrobbles.files import is_listenbrainz_export, read_listens
from wiring.jobs.file_kind import FileKind

if TYPE_CHECKING:
    from sources.attributes import TagsTable
    from sources.frames import Problems

_EXPORTS = (FileKind.EXPORT, FileKind.SPOTIFY_EXPORT)


@dataclass(frozen=True, slots=True)
class ListeningTables:
    """Contents of listening tables."""

    listenings: tuple[Listening, ...]  # one per listener, merged from all files
    artist_tags: Mapping[str, Mapping[str, float]]  # by canonical artist key
    skipped: tuple[str, ...]  # skipped rows, a line per file


def read_tables(
    files: Sequence[Path], tags: Path | None, source: Source, *, single_taggers: bool = True
) -> ListeningTables:
    """Read listening and tags from files; tags of one tagger (n = 1) only with `single_taggers`.

    Raises:
        InputError: a table is malformed.
    """
    from sources.table import merge, read_listening  # with pandas, which a listener's own files do without

    tag_table = _tags_of(tags, single_taggers=single_taggers)
    artist_tags = tag_table.tags if tag_table else {}
    tables = [read_listening(path, source, artist_tags) for path in files]
    every = [*zip(files, [table.problems for table in tables], strict=True)]
    if tags and tag_table:
        every.append((tags, tag_table.problems))
    skipped = [line for path, found in every for line in problems(path, found)]
    return ListeningTables(merge(tables), artist_tags, tuple(skipped))


def read_files(
    files: Sequence[Path],
    tags: Path | None,
    source: Source,
    kind: FileKind,
    listener_id: str,
    report: Callable[[float], None] = silent,
) -> ListeningTables:
    """Read listening tables, or the exports of one listener; `source` is that of tables.

    `listener_id` names the listener of an export; without it, a digest of the files does. `report` is told
    the share of an export that was read, in [0, 1].

    Raises:
        InputError: a file is malformed, tables and exports are mixed, or a table has `listener_id` beside it.
    """
    if folder := next((path for path in files if path.is_dir()), None):
        raise InputError(f"{folder.name} is a folder, and only a dump may be one (--kind listenbrainz-dump)")
    if kind is FileKind.LISTENBRAINZ_EXPORT or _are_listenbrainz(files, kind):
        source = Source.LISTENBRAINZ if source is Source.TABLE else source
        return _read_listens(files, tags, source, listener_id, report)
    exports = [path for path in files if kind in _EXPORTS or _is_export(path, kind)]
    if not exports:
        if listener_id:
            raise InputError("--listener names the listener of an export; a table names its own")
        return read_tables(files, tags, source)
    if len(exports) < len(files):
        raise InputError(
            f"{exports[0].name} is an export of one listener, other files are tables: import them one by one"
        )
    tag_table = _tags_of(tags)
    artist_tags = tag_table.tags if tag_table else {}
    # of its own kind, unless it was told which
    of_files = None if source is Source.TABLE else source
    export = read_export(files, listener_id, of_files, artist_tags, report)
    skipped = export.left_out + (problems(tags, tag_table.problems) if tags and tag_table else ())
    return ListeningTables((export.listening,), artist_tags, skipped)


def read_own_files(files: Sequence[Path], report: Callable[[float], None]) -> Listening:
    """The listening in a listener's own files, of any kind; `report` is told the share read, in [0, 1].

    Raises:
        InputError: a file is malformed, or a table of several listeners.
    """
    tables = read_files(files, None, Source.TABLE, FileKind.AUTO, "", report)
    if len(tables.listenings) != 1:
        raise InputError(
            f"{files[0].name} is a table of {len(tables.listenings):,} listeners: bring one of your own "
            "listening alone"
        )
    (own,) = tables.listenings
    source = Source.FILE if own.source is Source.TABLE else own.source
    return replace(own, listener_id="", source=source)


def require_known(files: Sequence[Path]) -> None:
    """Look at the beginnings of a listener's own files: one of a known format is enough.

    Raises:
        InputError: there is none.
    """
    refused = []
    for path in files:
        try:
            if is_listenbrainz_export(path):
                return None
            return require_music(path) if is_export(path) else _require_table(path)
        except InputError as error:
            refused.append(error)
    raise refused[0]


def _require_table(path: Path) -> None:
    from sources.table import require_listening

    require_listening(path)


def _tags_of(path: Path | None, *, single_taggers: bool = True) -> "TagsTable | None":
    if path is None:
        return None
    from sources.attributes import read_tags_table

    return read_tags_table(path, single_taggers=single_taggers)


def _are_listenbrainz(files: Sequence[Path], kind: FileKind) -> bool:
    return kind is FileKind.AUTO and all(map(is_listenbrainz_export, files))


def _read_listens(
    files: Sequence[Path],
    tags: Path | None,
    source: Source,
    listener_id: str,
    report: Callable[[float], None],
) -> ListeningTables:
    tag_table = _tags_of(tags)
    artist_tags = tag_table.tags if tag_table else {}
    export = read_listens(files, listener_id, source, artist_tags, report)
    skipped = export.left_out + (problems(tags, tag_table.problems) if tags and tag_table else ())
    return ListeningTables((export.listening,), artist_tags, skipped)


def _is_export(path: Path, kind: FileKind) -> bool:
    return kind is FileKind.AUTO and is_export(path)


def problems(path: Path, found: "Problems") -> tuple[str, ...]:
    """Summary of a file's skipped rows in one line; empty if there are none.

    Raises:
        InputError: most rows of the file were skipped.
    """
    found.require_mostly_usable(path)
    return (f"{path.name}: {found.summary()}",) if found.rows else ()


def tell(skipped: Iterable[str], console: Console) -> None:
    """Print summaries of skipped rows."""
    for line in skipped:
        console.print(line, markup=False)
