"""Reading the tables that people bring: listening with its tags, and what was left out of them."""

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
    """What was read.

    Attributes:
        listenings: the listeners, one who stands in several files with the facts of all.
        artist_tags: tags by canonical artist key.
        left_out: what was left out, a line a file.
    """

    listenings: tuple[Listening, ...]
    artist_tags: Mapping[str, Mapping[str, float]]
    left_out: tuple[str, ...]


def read_tables(files: Sequence[Path], tags: Path | None, source: Source) -> ListeningTables:
    """Read listening from files.

    Args:
        files: listening tables.
        tags: table of tags on artists.
        source: what the listening counts as.

    Raises:
        InputError: a file cannot be read as what it should be.
    """
    artist_tags = read_tags(tags) if tags else {}
    tables = [read_listening(path, source, artist_tags) for path in files]
    left_out = [
        line for path, table in zip(files, tables, strict=True) for line in problems(path, table.problems)
    ]
    return ListeningTables(merge(tables), artist_tags, tuple(left_out))


def problems(path: Path, found: Problems) -> tuple[str, ...]:
    """What was left out of a file, in one line; none where nothing was."""
    return (f"{path.name}: {found.summary()}",) if found.rows else ()


def tell(left_out: Iterable[str], console: Console) -> None:
    """Print what was left out."""
    for line in left_out:
        console.print(line, markup=False)
