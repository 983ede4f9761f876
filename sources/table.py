"""Listening table: CSV(.gz) or Parquet, one fact per row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from matcher.domain.canonical_keys import artist_key
from matcher.domain.listening import Hearing, Listening, Part, Source
from sources.collector import collector_paused
from sources.dates import Dates
from sources.frames import LINE, LONGEST, REASON, Problems, RowProblem, read_pieces
from sources.numbers import number_in


class _Row(NamedTuple):
    listener_id: str
    artist_name: str
    artist_id: str
    track_name: str
    track_id: str
    isrc: str
    playlist_id: str
    playlist_name: str
    plays: str
    played_at: str
    line: int
    reason: str


COLUMNS = _Row._fields[:-2]


@dataclass(frozen=True, slots=True)
class ListeningTable:
    """Listeners in the order of their first row, and the rejected rows."""

    listenings: tuple[Listening, ...]
    problems: Problems


@collector_paused()
def read_listening(
    path: Path,
    source: Source = Source.TABLE,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
) -> ListeningTable:
    """Read a listening table; every listening gets `source` and `artist_tags`.

    Raises:
        InputError: the file cannot be read as a table with a `listener_id`, or no row of it.
    """
    hearings: dict[str, list[Hearing]] = {}
    bad: list[RowProblem] = []
    n_rows, dates = 0, Dates()
    for row in _rows(path, dates):
        n_rows += 1
        try:
            hearing = _hearing(row, dates)
        except ValueError as error:
            bad.append(RowProblem(row.line, str(error)))
        else:
            hearings.setdefault(row.listener_id, []).append(hearing)
    found = (Listening(key, source, tuple(rows), artist_tags or {}) for key, rows in hearings.items())
    problems = Problems(n_rows, tuple(bad))
    problems.require_any_usable(path)
    return ListeningTable(tuple(found), problems)


def require_listening(path: Path) -> None:
    """Check by its columns and first rows that a file is a listening table.

    Raises:
        InputError: it is none.
    """
    next(_rows(path, Dates()), None)


def _rows(path: Path, dates: Dates) -> Iterator[_Row]:
    for piece in read_pieces(path, COLUMNS, required=["listener_id"]):
        dates.learn(piece["played_at"])
        yield from map(_Row, *(piece[name] for name in (*COLUMNS, LINE, REASON)))


def merge(tables: Iterator[ListeningTable] | list[ListeningTable]) -> tuple[Listening, ...]:
    """Merge tables; a listener in several tables gets the facts of all."""
    found: dict[str, Listening] = {}
    for table in tables:
        for one in table.listenings:
            known = found.get(one.listener_id)
            merged = replace(known, hearings=(*known.hearings, *one.hearings)) if known else one
            found[one.listener_id] = merged
    return tuple(found.values())


def _hearing(row: _Row, dates: Dates) -> Hearing:
    if row.reason:
        raise ValueError(row.reason)
    if not row.listener_id:
        raise ValueError("listener_id is empty")
    if len("".join(row[:-2])) > LONGEST and max(map(len, row[:-2])) > LONGEST:
        raise ValueError(f"a text is longer than {LONGEST:,} characters")
    if row.artist_name and not (row.track_id or row.track_name or artist_key(row.artist_name)):
        raise ValueError("artist_name says that the artist is not known, and there is no track")
    return Hearing(
        part=Part.PLAYLISTS if row.playlist_id else Part.PLAYS,
        artist_name=row.artist_name,
        artist_id=row.artist_id,
        track_name=row.track_name,
        track_id=row.track_id,
        isrc=row.isrc,
        facet_id=row.playlist_id,
        facet_name=row.playlist_name,
        plays=_plays(row.plays),
        heard_at_utc=dates.time_of(row.played_at),
    )


@lru_cache(maxsize=10_000)
def _plays(text: str) -> float:
    number = number_in(text) if text else 1.0
    if number is None:
        raise ValueError("plays is not a number")
    return number
