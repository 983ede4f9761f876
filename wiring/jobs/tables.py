"""Read listening tables with tags, and report skipped rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from matcher.domain.listening import Listening, Source
from sources.attributes import read_tags
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
    artist_tags = read_tags(tags, single_taggers=single_taggers) if tags else {}
    tables = [read_listening(path, source, artist_tags) for path in files]
    skipped = [
        line for path, table in zip(files, tables, strict=True) for line in problems(path, table.problems)
    ]
    return ListeningTables(merge(tables), artist_tags, tuple(skipped))


def problems(path: Path, found: Problems) -> tuple[str, ...]:
    """Summary of a file's skipped rows in one line; empty if there are none."""
    return (f"{path.name}: {found.summary()}",) if found.rows else ()


def tell(skipped: Iterable[str], console: Console) -> None:
    """Print summaries of skipped rows."""
    for line in skipped:
        console.print(line, markup=False)
