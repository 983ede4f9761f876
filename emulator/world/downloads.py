"""What a listener downloads from Spotify: account data and extended streaming history, as one ZIP file."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from emulator.world.ids import seed_from
from emulator.world.music import EPOCH_S, Library, Listener, Playlist, Track, World

_FOLDER = "my_spotify_data"
_PLAY_S = 401  # between two plays; a prime, so that they spread over the days
_MOST_PLAYS = 200  # of one track


def spotify_data(listener: Listener, library: Library, world: World) -> bytes:
    """The ZIP file of a listener's own data; equal libraries give equal bytes."""
    items = world.items
    files: dict[str, Any] = {
        "Streaming_History_Audio_2025-2026_0.json": list(_plays(library, items)),
        "YourLibrary.json": {
            "tracks": [
                {
                    "artist": _artist(track),
                    "album": "",
                    "track": track.name,
                    "uri": f"spotify:track:{track.id}",
                }
                for track in _tracks([row.item_id for row in library.saved], items)
            ],
            "albums": list(_albums(library, world)),
            "artists": [
                {"name": world.artists[key].name, "uri": f"spotify:artist:{key}"}
                for key in library.followed_artist_ids
                if key in world.artists
            ],
        },
        "Playlist1.json": {"playlists": [_playlist(one, items) for one in library.playlists]},
        "Userdata.json": {"username": listener.id, "email": f"{listener.id}@example.org"},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{_FOLDER}/{name}")  # of no time
            archive.writestr(entry, json.dumps(content, ensure_ascii=False), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _plays(library: Library, items: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    plays = [
        track
        for track in _tracks(library.plays, items)
        for _ in range(min(library.plays[track.id], _MOST_PLAYS))
    ]
    # not one track after the other for hours, which would be noise
    order = np.random.default_rng(seed_from("download")).permutation(len(plays))
    for n, place in enumerate(order.tolist(), 1):
        track, at = plays[place], datetime.fromtimestamp(EPOCH_S - n * _PLAY_S, UTC)
        yield {
            "ts": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "ms_played": track.duration_ms,
            "ip_addr": "192.0.2.1",
            "master_metadata_track_name": track.name,
            "master_metadata_album_artist_name": _artist(track),
            "spotify_track_uri": f"spotify:track:{track.id}",
            "skipped": False,
        }


def _albums(library: Library, world: World) -> Iterator[dict[str, Any]]:
    for row in library.albums:
        tracks = world.albums.get(row.item_id or "")
        if tracks and (album := tracks[0].album):
            uri = f"spotify:album:{album.id}"
            yield {"artist": album.artist.name, "album": album.name, "uri": uri}


def _playlist(playlist: Playlist, items: Mapping[str, object]) -> dict[str, Any]:
    return {
        "name": playlist.name,
        "description": playlist.description,
        "items": [
            {
                "track": {
                    "trackName": track.name,
                    "artistName": _artist(track),
                    "trackUri": f"spotify:track:{track.id}",
                }
            }
            for track in _tracks([row.item_id for row in playlist.rows], items)
        ],
    }


def _tracks(ids: Iterable[str | None], items: Mapping[str, object]) -> Iterator[Track]:
    found = (items.get(one) for one in ids if one is not None)
    return (one for one in found if isinstance(one, Track))


def _artist(track: Track) -> str:
    return track.artists[0].name if track.artists else ""
