"""Listening table: CSV(.gz) or Parquet, one fact per row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from matcher.domain.listening import Hearing, Listening, Part, Source
from sources.frames import LINE, LONGEST, Problems, RowProblem, read_frames


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


COLUMNS = _Row._fields[:-1]


@dataclass(frozen=True, slots=True)
class ListeningTable:
    """Listeners in the order of their first row, and the rejected rows."""

    listenings: tuple[Listening, ...]
    problems: Problems


def read_listening(
    path: Path,
    source: Source = Source.TABLE,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
) -> ListeningTable:
    """Read a listening table; every listening gets `source` and `artist_tags`.

    Raises:
        InputError: the file cannot be read as a table with a `listener_id`.
    """
    hearings: dict[str, list[Hearing]] = {}
    bad: list[RowProblem] = []
    n_rows = 0
    for row in _rows(path):
        n_rows += 1
        try:
            hearing = _hearing(row)
        except ValueError as error:
            bad.append(RowProblem(row.line, str(error)))
        else:
            hearings.setdefault(row.listener_id, []).append(hearing)
    found = (Listening(key, source, tuple(rows), artist_tags or {}) for key, rows in hearings.items())
    return ListeningTable(tuple(found), Problems(n_rows, tuple(bad)))


def _rows(path: Path) -> Iterator[_Row]:
    for frame in read_frames(path, COLUMNS, required=["listener_id"]):
        yield from map(_Row, *(frame[name].tolist() for name in (*COLUMNS, LINE)))


def merge(tables: Iterator[ListeningTable] | list[ListeningTable]) -> tuple[Listening, ...]:
    """Merge tables; a listener in several tables gets the facts of all."""
    found: dict[str, Listening] = {}
    for table in tables:
        for one in table.listenings:
            known = found.get(one.listener_id)
            merged = replace(known, hearings=known.hearings + one.hearings) if known else one
            found[one.listener_id] = merged
    return tuple(found.values())


def _hearing(row: _Row) -> Hearing:
    if not row.listener_id:
        raise ValueError("listener_id is empty")
    if max(map(len, row[:-1])) > LONGEST:
        raise ValueError(f"a text is longer than {LONGEST:,} characters")
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
        heard_at_utc=_time(row.played_at),
    )


def _plays(text: str) -> float:
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        raise ValueError("plays is not a number") from None


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("played_at is not a time such as 2026-11-01T20:15:00Z") from None
