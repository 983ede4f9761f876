"""Read listening tables with tags, and report skipped rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from matcher.domain.listening import Listening, Source
from sources.attributes import read_tags_table
from sources.frames import Problems
from sources.table import merge, read_listening


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
    tag_table = read_tags_table(tags, single_taggers=single_taggers) if tags else None
    artist_tags = tag_table.tags if tag_table else {}
    tables = [read_listening(path, source, artist_tags) for path in files]
    every = [*zip(files, [table.problems for table in tables], strict=True)]
    if tags and tag_table:
        every.append((tags, tag_table.problems))
    skipped = [line for path, found in every for line in problems(path, found)]
    return ListeningTables(merge(tables), artist_tags, tuple(skipped))


def problems(path: Path, found: Problems) -> tuple[str, ...]:
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
