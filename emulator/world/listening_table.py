"""A world out of any listening table, CSV or Parquet. Nothing is invented: what has no title gets none."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from emulator.world.ids import base62_id, is_base62
from emulator.world.music import (
    EPOCH_S,
    TIME_RANGES,
    Artist,
    Item,
    Library,
    Listener,
    Playlist,
    Row,
    Track,
    World,
)

_N_RECENT = 50


class _Line(NamedTuple):
    """One row of the table, all as text; empty where the table has nothing."""

    listener_id: str = ""
    artist_name: str = ""
    artist_id: str = ""
    track_name: str = ""
    track_id: str = ""
    isrc: str = ""
    playlist_id: str = ""
    playlist_name: str = ""
    plays: str = ""
    played_at: str = ""


def table_world(path: str | Path) -> World:
    """Builds a world from a listening table.

    Rows with an artist only are found in the top artists. Rows with a track stand in their playlist if
    they name one, and otherwise in the saved and top tracks, most played first.

    Args:
        path: A ``.csv``, ``.csv.gz`` or ``.parquet`` file with the column ``listener_id`` and any of
            ``artist_name, artist_id, track_name, track_id, isrc, playlist_id, playlist_name, plays,
            played_at``. Other columns are ignored.

    Returns:
        The world; unusable rows are listed in its ``problems``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file has no column ``listener_id``.
    """
    maker = _TableMaker()
    for number, line in enumerate(_read_lines(Path(path)), start=2):
        maker.add(number, line)
    return maker.world(f"listeners from {Path(path).name}")


def _read_lines(path: Path) -> Iterator[_Line]:
    columns = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    if "listener_id" not in columns:
        raise ValueError(f"{path.name} has no column listener_id")
    n_rows = len(columns["listener_id"])
    nothing = [""] * n_rows
    yield from map(_Line, *(columns.get(name, nothing) for name in _Line._fields))


def _read_csv(path: Path) -> dict[str, list[str]]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, usecols=lambda name: name in _Line._fields)
    return {str(name): frame[name].tolist() for name in frame.columns}


def _read_parquet(path: Path) -> dict[str, list[str]]:
    present = [name for name in pq.read_schema(path).names if name in _Line._fields]
    table = pq.read_table(path, columns=present)
    return {name: [_text(value) for value in table.column(name).to_pylist()] for name in present}


def _text(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - a missing number is not equal to itself
        return ""
    return str(value)


class _Hearing:
    """What one listener's lines add up to while the table is read."""

    def __init__(self) -> None:
        self.artist_plays: dict[str, float] = {}
        self.track_plays: dict[str, float] = {}
        self.playlists: dict[str, dict[str, None]] = {}
        self.playlist_names: dict[str, str] = {}
        self.recent: list[Row] = []

    def library(self, owner_id: str, playlist_ids: dict[str, str]) -> Library:
        tracks, artists = _most_played(self.track_plays), _most_played(self.artist_plays)
        return Library(
            playlists=tuple(self._playlist(owner_id, key, playlist_ids[key]) for key in self.playlists),
            saved=tuple(Row(track_id, EPOCH_S - 60 * place) for place, track_id in enumerate(tracks)),
            recent=tuple(sorted(self.recent, key=lambda row: -row.at_s)[:_N_RECENT]),
            top_track_ids=dict.fromkeys(TIME_RANGES, tracks),
            top_artist_ids=dict.fromkeys(TIME_RANGES, artists),
            plays={track_id: round(plays) for track_id, plays in self.track_plays.items()},
        )

    def _playlist(self, owner_id: str, key: str, playlist_id: str) -> Playlist:
        rows = tuple(Row(track_id, EPOCH_S) for track_id in self.playlists[key])
        return Playlist(playlist_id, self.playlist_names.get(key, ""), owner_id, rows)


def _most_played(plays: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(plays, key=lambda key: -plays[key]))


class _TableMaker:
    def __init__(self) -> None:
        self._hearings: dict[str, _Hearing] = {}
        self._items: dict[str, Item] = {}
        self._artists: dict[str, Artist] = {}
        self._problems: list[str] = []

    def add(self, number: int, line: _Line) -> None:
        plays, problem = _plays(line)
        if problem:
            self._problems.append(f"line {number}: {problem}")
            return
        hearing = self._hearings.setdefault(line.listener_id, _Hearing())
        artist = self._artist(line)
        track_id = self._track_id(line, artist)
        if track_id and line.playlist_id:
            hearing.playlists.setdefault(line.playlist_id, {})[track_id] = None
            if line.playlist_name:
                hearing.playlist_names[line.playlist_id] = line.playlist_name
            return
        if track_id:
            hearing.track_plays[track_id] = hearing.track_plays.get(track_id, 0) + plays
            self._add_played_at(number, line, track_id, hearing)
        if artist:
            hearing.artist_plays[artist.id] = hearing.artist_plays.get(artist.id, 0) + plays

    def _artist(self, line: _Line) -> Artist | None:
        if not (line.artist_id or line.artist_name):
            return None
        artist_id = line.artist_id or base62_id("artist", line.artist_name)
        known = self._artists.get(artist_id)
        if known is None or (line.artist_name and not known.name):
            known = self._artists[artist_id] = Artist(artist_id, line.artist_name)
        return known

    def _track_id(self, line: _Line, artist: Artist | None) -> str:
        if not (line.track_id or line.track_name):
            return ""
        track_id = line.track_id or base62_id("track", artist.id if artist else "", line.track_name)
        known = self._items.get(track_id)
        if known is None or (line.track_name and not known.name):
            artists = (artist,) if artist else ()
            self._items[track_id] = Track(track_id, line.track_name, artists, isrc=line.isrc)
        return track_id

    def _add_played_at(self, number: int, line: _Line, track_id: str, hearing: _Hearing) -> None:
        if not line.played_at:
            return
        moment_s = _moment_s(line.played_at)
        if moment_s is None:
            self._problems.append(f"line {number}: played_at is not a date; the play is kept without it")
            return
        hearing.recent.append(Row(track_id, moment_s))

    def world(self, label: str) -> World:
        playlist_ids = self._playlist_ids()
        listeners = {
            listener_id: Listener(listener_id, f"Listener {listener_id}", hearing.library(listener_id, ids))
            for (listener_id, hearing), ids in zip(self._hearings.items(), playlist_ids, strict=True)
        }
        return World(label, listeners, self._items, self._artists, problems=tuple(self._problems))

    def _playlist_ids(self) -> list[dict[str, str]]:
        # One owner a playlist, and only ids that strict clients accept: all others are derived.
        owners: dict[str, int] = {}
        for hearing in self._hearings.values():
            for key in hearing.playlists:
                owners[key] = owners.get(key, 0) + 1
        return [
            {
                key: key if owners[key] == 1 and is_base62(key) else base62_id("playlist", listener_id, key)
                for key in hearing.playlists
            }
            for listener_id, hearing in self._hearings.items()
        ]


def _moment_s(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _plays(line: _Line) -> tuple[float, str]:
    if not line.listener_id:
        return 0.0, "no listener_id"
    if not (line.track_id or line.artist_id or line.artist_name):
        return 0.0, "neither track_id nor artist_id nor artist_name"
    try:
        plays = float(line.plays or 1)
    except ValueError:
        return 0.0, "plays is not a number"
    return plays, "" if 0 < plays < float("inf") else "plays must be above 0"
