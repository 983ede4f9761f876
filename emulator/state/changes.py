"""Changes of a library between two readings, as pure functions."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from emulator.errors import ApiError
from emulator.world.ids import seed_from
from emulator.world.music import EPOCH_S, Album, Library, Playlist, Row, Track, World, rank_artists

_CHANGE_S = EPOCH_S + 86_400
"""Time of changes: a day after all other dates, so that they are the newest."""


def adopt_scene(world: World, library: Library, listener_id: str, scene: str, share: float) -> Library:
    """Replace a share (0 to 1) of a library's tracks by tracks of another scene.

    Playlists keep their order; replaced saved tracks become the newest. The listener's id seeds the choice.

    Raises:
        ApiError: the world has no such scene, or the share is outside [0, 1].
    """
    if scene not in world.scenes:
        raise ApiError(404, "No such scene")
    if not 0 <= share <= 1:
        raise ApiError(400, "share must be between 0 and 1")
    mapping = _exchange(world, library, scene, share, seed_from(listener_id, scene, share))
    return _replaced(world, library, mapping) if mapping else library


def _exchange(world: World, library: Library, scene: str, share: float, seed: list[int]) -> dict[str, str]:
    rng = np.random.default_rng(seed)
    own = [item_id for item_id in library.item_ids() if isinstance(world.items.get(item_id), Track)]
    fresh = [track.id for track in world.tracks_of_scene(scene) if track.id not in library.plays]
    leaving = [own[place] for place in rng.permutation(len(own))[: round(share * len(own))]]
    popularity = -0.5 * np.log1p(np.arange(len(fresh))) + rng.gumbel(size=len(fresh))
    arriving = [fresh[place] for place in np.argsort(-popularity, kind="stable")]
    return dict(zip(leaving, arriving, strict=False))


def _replaced(world: World, library: Library, mapping: Mapping[str, str]) -> Library:
    tops = {
        name: tuple(mapping.get(item, item) for item in ids) for name, ids in library.top_track_ids.items()
    }
    newest_s = max([_CHANGE_S, *(row.at_s + 1 for row in library.saved)])
    fresh: list[Row] = []
    kept: list[Row] = []
    for row in library.saved:
        (fresh if row.item_id in mapping else kept).append(_exchanged(row, mapping, newest_s))
    recent = tuple(_exchanged(row, mapping, row.at_s) for row in library.recent)
    return dataclasses.replace(
        library,
        playlists=tuple(_changed_playlist(playlist, mapping) for playlist in library.playlists),
        saved=(*fresh, *kept),
        recent=recent,
        top_track_ids=tops,
        top_artist_ids={name: rank_artists(ids, world.items) for name, ids in tops.items()},
        plays={mapping.get(item_id, item_id): plays for item_id, plays in library.plays.items()},
    )


def _exchanged(row: Row, mapping: Mapping[str, str], at_s: int) -> Row:
    if row.item_id is None or row.item_id not in mapping:
        return row
    return Row(mapping[row.item_id], at_s)


def _changed_playlist(playlist: Playlist, mapping: Mapping[str, str]) -> Playlist:
    rows = tuple(_exchanged(row, mapping, _CHANGE_S) for row in playlist.rows)
    return dataclasses.replace(playlist, rows=rows)


def add_album(
    world: World, library: Library, listener_id: str, album_id: str | None
) -> tuple[Library, Album]:
    """Save all tracks of an album, by default one without saved tracks, as the newest.

    Raises:
        ApiError: there is no such album, or none is left to add.
    """
    saved = {row.item_id for row in library.saved}
    albums = world.albums
    if album_id is None:
        candidates = [key for key, tracks in albums.items() if not any(track.id in saved for track in tracks)]
        album_id = _pick(candidates, seed_from(listener_id, len(library.saved)))
    if album_id is None or album_id not in albums:
        raise ApiError(404, "No such album")
    tracks = sorted(albums[album_id], key=lambda track: -track.track_number)
    newest_s = max([_CHANGE_S, *(row.at_s for row in library.saved)])
    rows = tuple(Row(track.id, newest_s + 1) for track in tracks)
    older = tuple(row for row in library.saved if row.item_id not in {row.item_id for row in rows})
    album = tracks[0].album
    if album is None:
        raise ApiError(404, "No such album")
    return dataclasses.replace(library, saved=rows + older), album


def _pick(candidates: Sequence[str], seed: list[int]) -> str | None:
    if not candidates:
        return None
    return candidates[int(np.random.default_rng(seed).integers(len(candidates)))]


def delete_playlist(library: Library, playlist_id: str) -> Library:
    """Remove a playlist, or stop following it.

    Raises:
        ApiError: the library has no such playlist.
    """
    own = tuple(playlist for playlist in library.playlists if playlist.id != playlist_id)
    followed = tuple(followed_id for followed_id in library.followed_ids if followed_id != playlist_id)
    if (own, followed) == (library.playlists, library.followed_ids):
        raise ApiError(404, "No such playlist")
    return dataclasses.replace(library, playlists=own, followed_ids=followed)


_CHANGEABLE = {"name": str, "description": str, "public": bool, "collaborative": bool}


def change_playlist(library: Library, playlist_id: str, fields: Mapping[str, Any]) -> Library:
    """Change name, description, ``public`` or ``collaborative`` of an own playlist.

    Raises:
        ApiError: the library has no such playlist, or a field or its type is wrong.
    """
    if not all(type(value) is _CHANGEABLE.get(name) for name, value in fields.items()):
        raise ApiError(400, "name and description must be text, public and collaborative truth values")
    if playlist_id not in {playlist.id for playlist in library.playlists}:
        raise ApiError(404, "No such playlist")
    changed = (
        dataclasses.replace(playlist, **fields) if playlist.id == playlist_id else playlist
        for playlist in library.playlists
    )
    return dataclasses.replace(library, playlists=tuple(changed))


def follow_playlist(library: Library, playlist_id: str) -> Library:
    """Follow a playlist."""
    followed = dict.fromkeys((*library.followed_ids, playlist_id))
    return dataclasses.replace(library, followed_ids=tuple(followed))
