"""Formats of the files that listeners download, told by their first rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, Protocol, runtime_checkable

from matcher.domain.listening import Part
from sources.delimited import column_name
from sources.exports.json_rows import Row
from sources.exports.players import (
    SCROBBLE_KEYS,
    LibraryRows,
    PlaylistRows,
    ScrobbleRows,
    SheetRows,
    WatchedRows,
)
from sources.exports.plays import DAY_S, MINUTE_S
from sources.exports.reading import Reading, ReadRow
from sources.exports.records import Records, TeachingRecords, span_s_of
from sources.exports.roles import is_music
from sources.exports.spotify_rows import FOLLOW_KEYS, LIBRARY_KEYS, SpotifyRows
from sources.exports.workbook import SHEET
from sources.exports.xml_rows import LIBRARY_PLAYLIST, LIBRARY_TRACK, LIST_TITLE, LIST_TRACK

_SAMPLE = 20  # rows that tell what a file is


class RowReader(Protocol):
    """Reads the rows of one file."""

    @property
    def read(self) -> ReadRow:
        """Reads a row."""


@runtime_checkable
class Learner(Protocol):
    """Looks at all rows of its file before any file is read."""

    def learn(self, rows: Iterable[Row]) -> None:
        """Take note of what reading needs."""


@dataclass(frozen=True, slots=True)
class Format:
    """Format of a file.

    Attributes:
        service: its name, or "" for those of many.
        rank: files are read in its order, those with better times first.
        matches: whether a row is of it, by its key and the names of its fields as `column_name` makes them.
        reader: makes the reader of a file, by the file's name without its ending.
    """

    service: str
    rank: int
    matches: Callable[[str, frozenset[str]], bool]
    reader: Callable[[Reading, str], RowReader]


class _Reader(NamedTuple):
    read: ReadRow


_SECONDS, _MINUTES, _DAYS, _LISTS, _LIBRARY, _FOLLOWED = range(6)
_RANKS = {1: _SECONDS, MINUTE_S: _MINUTES, DAY_S: _DAYS}
_LIST_KEYS = frozenset((LIST_TITLE, LIST_TRACK))
_LIBRARY_KEYS = frozenset((LIBRARY_TRACK, LIBRARY_PLAYLIST))
_APPLE_PLAYS = frozenset(("song_name", "play_duration_milliseconds"))
_APPLE_DAYS = frozenset(("track_description", "date_played"))
_APPLE_LIBRARY = frozenset(("title", "track_identifier"))

FORMATS = (
    Format(
        "Spotify",
        _SECONDS,
        lambda key, names: not key and {"ts", "ms_played"} <= names and not is_music(names),
        lambda reading, _: _Reader(SpotifyRows(reading).extended),
    ),
    Format(
        "Spotify",
        _MINUTES,
        lambda key, names: not key and "ms_played" in names and bool(names & {"end_time", "time"}),
        lambda reading, _: _Reader(SpotifyRows(reading).short),
    ),
    Format(
        "Spotify",
        _LISTS,
        lambda key, _: key == "playlists",
        lambda reading, _: _Reader(SpotifyRows(reading).playlist),
    ),
    Format(
        "Spotify",
        _LIBRARY,
        lambda key, _: key in LIBRARY_KEYS,
        lambda reading, _: _Reader(SpotifyRows(reading).library),
    ),
    Format(
        "Spotify",
        _FOLLOWED,
        lambda key, _: key in FOLLOW_KEYS,
        lambda reading, _: _Reader(SpotifyRows(reading).follow),
    ),
    Format("Deezer", _MINUTES, lambda key, _: key.startswith(SHEET), SheetRows),
    Format("Apple Music", _LIBRARY, lambda key, _: key in _LIBRARY_KEYS, LibraryRows),
    Format("", _LISTS, lambda key, _: key in _LIST_KEYS or key == "playlist", PlaylistRows),
    Format("YouTube Music", _SECONDS, lambda _, names: {"header", "title", "time"} <= names, WatchedRows),
    Format("Apple Music", _SECONDS, lambda _, names: names >= _APPLE_PLAYS, Records),
    Format("Apple Music", _DAYS, lambda _, names: names >= _APPLE_DAYS, TeachingRecords),
    Format("Apple Music", _LIBRARY, lambda _, names: names >= _APPLE_LIBRARY, TeachingRecords),
    Format(
        "YouTube Music",
        _LIBRARY,
        lambda _, names: {"song_title", "album_title", "artist_name_1"} <= names,
        lambda reading, name: Records(reading, name, Part.SAVED),
    ),
    Format("", _SECONDS, lambda key, names: key in SCROBBLE_KEYS and "track.title" in names, ScrobbleRows),
    Format("", _SECONDS, lambda key, names: key in SCROBBLE_KEYS and is_music(names), ScrobbleRows),
)


def format_of(rows: Iterable[Row]) -> Format | None:
    """The format of a file by its first rows; None if it holds no music that is known."""
    for key, row in islice(rows, _SAMPLE):
        names = _names(row)
        for one in FORMATS:
            if one.matches(key, names):
                return replace(one, rank=max(one.rank, _RANKS[span_s_of(row)]))
    return None


def _names(row: object) -> frozenset[str]:
    """Names of the fields of a row, of the first of several, and of a track within it."""
    while isinstance(row, list) and row:
        row = row[0]
    if not isinstance(row, dict):
        return frozenset()
    inner = row.get("track")
    if isinstance(inner, list) and "title" not in row and "name" not in row:  # a page of scrobbles
        return _names(inner)
    names = {column_name(name) for name in row}
    if isinstance(inner, dict):
        names |= {f"track.{column_name(name)}" for name in inner}
    return frozenset(names)
