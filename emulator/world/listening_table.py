"""World made from a listening table; missing titles stay empty."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

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
from matcher.domain.listening import Hearing, Listening
from sources.table import read_listening

_N_RECENT = 50


def table_world(path: Path) -> World:
    """Make a world from a listening table; rejected rows are in its `problems`.

    Rows with only an artist go to the top artists. Rows with a track go to their playlist if they name one,
    else to the saved and top tracks, most played first.

    Raises:
        InputError: the file cannot be read as a table with a `listener_id`.
    """
    table, catalogue = read_listening(path), _Catalogue()
    owners = Counter(key for one in table.listenings for key in {row.facet_id for row in one.hearings})
    libraries = {one.listener_id: _library(one, catalogue, owners) for one in table.listenings}
    listeners = {key: Listener(key, f"Listener {key}", library) for key, library in libraries.items()}
    problems = tuple(f"line {row.line}: {row.reason}" for row in table.problems.rows)
    return World(
        f"listeners from {path.name}", listeners, catalogue.items, catalogue.artists, problems=problems
    )


class _Catalogue:
    """Artists and tracks by id; each name is taken from the first row that has it."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.artists: dict[str, Artist] = {}

    def artist(self, row: Hearing) -> Artist | None:
        if not (row.artist_id or row.artist_name):
            return None
        artist_id = row.artist_id or base62_id("artist", row.artist_name)
        known = self.artists.get(artist_id)
        if known is None or (row.artist_name and not known.name):
            known = self.artists[artist_id] = Artist(artist_id, row.artist_name)
        return known

    def track_id(self, row: Hearing, artist: Artist | None) -> str:
        if not (row.track_id or row.track_name):
            return ""
        track_id = row.track_id or base62_id("track", artist.id if artist else "", row.track_name)
        known = self.items.get(track_id)
        if known is None or (row.track_name and not known.name):
            artists = (artist,) if artist else ()
            self.items[track_id] = Track(track_id, row.track_name, artists, isrc=row.isrc)
        return track_id


def _library(listening: Listening, catalogue: _Catalogue, owners: Mapping[str, int]) -> Library:
    artist_plays: dict[str, float] = defaultdict(float)
    track_plays: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    playlists: dict[str, dict[str, Row]] = defaultdict(dict)
    recent: list[Row] = []
    for row in listening.hearings:
        artist = catalogue.artist(row)
        track_id = catalogue.track_id(row, artist)
        if track_id and row.facet_id:
            playlists[row.facet_id][track_id] = Row(track_id, EPOCH_S)
            names[row.facet_id] = row.facet_name or names.get(row.facet_id, "")
            continue
        if track_id:
            track_plays[track_id] += row.plays
            recent += [Row(track_id, int(row.heard_at_utc.timestamp()))] if row.heard_at_utc else []
        if artist:
            artist_plays[artist.id] += row.plays
    tracks = _most_played(track_plays)
    return Library(
        playlists=tuple(
            Playlist(
                _playlist_id(key, listening.listener_id, owners),
                names[key],
                listening.listener_id,
                (*rows.values(),),
            )
            for key, rows in playlists.items()
        ),
        saved=tuple(Row(track_id, EPOCH_S - 60 * place) for place, track_id in enumerate(tracks)),
        recent=tuple(sorted(recent, key=lambda row: -row.at_s)[:_N_RECENT]),
        top_track_ids=dict.fromkeys(TIME_RANGES, tracks),
        top_artist_ids=dict.fromkeys(TIME_RANGES, _most_played(artist_plays)),
        plays={track_id: round(plays) for track_id, plays in track_plays.items()},
    )


def _playlist_id(key: str, listener_id: str, owners: Mapping[str, int]) -> str:
    # a derived id, unless the playlist has one owner and an id that strict clients accept
    return key if owners[key] == 1 and is_base62(key) else base62_id("playlist", listener_id, key)


def _most_played(plays: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(plays, key=lambda key: -plays[key]))
