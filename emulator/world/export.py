"""Export of listening, attributes, tags and true tastes; equal worlds give equal bytes.

Paths must end in ``.csv``, ``.csv.gz`` or ``.parquet``; otherwise ValueError is raised.
"""

import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from emulator.world.music import ATTRIBUTES, SOUND_TASTES, Listener, Track, World

_LISTENING = (
    "listener_id artist_name artist_id track_name track_id isrc playlist_id playlist_name plays"
).split()


def write_listening_table(world: World, path: str | Path) -> None:
    """Write one row per listener, track and playlist.

    All plays of a track are on its first row, and 1 on each further row, so that sums stay close to the real
    plays. Tracks outside playlists have no playlist. Followed playlists and rows without a track are omitted.
    """
    tracks = world.tracks
    rows = [row for listener in world.listeners.values() for row in _listening(listener, tracks)]
    _write(pd.DataFrame(rows, columns=_LISTENING), Path(path))


def write_attributes_table(world: World, path: str | Path) -> None:
    """Write the audio attributes of all tracks that have them."""
    columns = ["track_id", "isrc", "artist_name", "track_name", *ATTRIBUTES]
    rows = [
        (track.id, track.isrc, _artist_name(track), track.name, *track.attributes)
        for track in world.tracks.values()
        if track.attributes
    ]
    _write(pd.DataFrame(rows, columns=columns), Path(path))


def write_tags_table(world: World, path: str | Path) -> None:
    """Write the tags of every artist with their number of taggers; untagged artists have no row."""
    rows = [
        (artist.name, tag, n)
        for artist in world.artists.values()
        for tag, n in zip(artist.tags, artist.taggers, strict=True)
    ]
    _write(pd.DataFrame(rows, columns=["artist_name", "tag", "n"]), Path(path))


def write_truth_table(world: World, path: str | Path) -> None:
    """Write the true taste of every listener who has one, for evaluation only.

    Columns: ``listener_id``; ``scene:NAME`` for every scene, shares that sum to 1; ``sound:NAME`` for each of
    `SOUND_TASTES`, as `Listener.sound` (0 if it has none).
    """
    rows = [
        {
            "listener_id": listener.id,
            **{f"scene:{name}": 0.0 for name in world.scenes},
            **{f"scene:{name}": share for name, share in zip(listener.scenes, listener.weights, strict=True)},
            **{f"sound:{name}": 0.0 for name in SOUND_TASTES},
            **{f"sound:{name}": value for name, value in zip(SOUND_TASTES, listener.sound, strict=False)},
        }
        for listener in world.listeners.values()
        if listener.scenes
    ]
    _write(pd.DataFrame(rows), Path(path))


def _artist_name(track: Track) -> str:
    return track.artists[0].name if track.artists else ""


def _listening(listener: Listener, tracks: Mapping[str, Track]) -> Iterator[tuple[object, ...]]:
    counted: set[str] = set()
    places = [
        (row.item_id, playlist.id, playlist.name)
        for playlist in listener.library.playlists
        for row in playlist.rows
    ]
    listed = {item_id for item_id, _, _ in places}
    places += [(item_id, "", "") for item_id in listener.library.item_ids() if item_id not in listed]
    for item_id, playlist_id, playlist_name in dict.fromkeys(places):
        if item_id is None or (track := tracks.get(item_id)) is None:
            continue
        plays = 1 if item_id in counted else listener.library.plays.get(item_id, 1)
        counted.add(item_id)
        artist_id = track.artists[0].id if track.artists else ""
        heard = (listener.id, _artist_name(track), artist_id, track.name, track.id, track.isrc)
        yield (*heard, playlist_id, playlist_name, plays)


def _write(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffixes[-2:] == [".csv", ".gz"]:
        # No time and no file name in the header: equal content, equal bytes.
        path.write_bytes(gzip.compress(frame.to_csv(index=False).encode(), compresslevel=6, mtime=0))
    elif path.suffix == ".csv":
        path.write_bytes(frame.to_csv(index=False).encode())
    else:
        raise ValueError(f"{path.name} must end in .csv, .csv.gz or .parquet")
