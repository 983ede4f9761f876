"""Tracks and albums of a catalogue, made for those tracks only that a world needs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.catalogue import Catalogue, Places
from emulator.world.ids import base62_id, invented_isrc
from emulator.world.music import Album, Track
from emulator.world.names import N_DRAWN, title

_LAST_YEAR, _EARLIEST_YEAR = 2026, 1930
_MONTH_DAYS = 28
_N_DAYS = 9 * _MONTH_DAYS  # releases are from January to September, in the last year, too


@dataclass(frozen=True, slots=True)
class Recordings:
    """Tracks by id in the catalogue's order, and ids by place in the catalogue (``[n] str``, "" if unused)."""

    tracks: dict[str, Track]
    ids: NDArray[np.str_]


def make_recordings(catalogue: Catalogue, used: Places, seed: int) -> Recordings:
    """Make the tracks at the given places, and albums of them.

    A track does not depend on which others are made, but its number on the album does.
    """
    rng = np.random.default_rng([seed, 3])
    used = np.unique(used)
    albums = _albums(catalogue, used, seed, rng)
    tracks = list(_tracks(catalogue, used, albums, rng))
    ids = np.full(len(catalogue.artist_of), "", "U22")
    ids[used] = [track.id for track in tracks]
    return Recordings({track.id: track for track in tracks}, ids)


def _albums(catalogue: Catalogue, used: Places, seed: int, rng: np.random.Generator) -> dict[int, Album]:
    """Albums with a used track, by place."""
    n_albums = int(catalogue.album_of[-1]) + 1
    draws, days = rng.integers(0, 2**31, (n_albums, N_DRAWN)), rng.integers(0, _N_DAYS, n_albums)
    places, first, sizes = np.unique(catalogue.album_of[used], return_index=True, return_counts=True)
    artist_of = catalogue.artist_of[used[first]]
    typical = np.array([scene.year for scene in catalogue.scenes])[catalogue.scene_of[artist_of]]
    years = np.clip(typical + rng.normal(0, 5, n_albums)[places].round(), _EARLIEST_YEAR, _LAST_YEAR).astype(int)
    rows = (places, artist_of, sizes, years, days[places], draws[places])
    albums = {}
    for place, artist, size, year, day, draw in zip(*(row.tolist() for row in rows), strict=True):
        name, by = title(catalogue.scripts[artist], draw), catalogue.artists[artist]
        date = f"{year}-{1 + day // _MONTH_DAYS:02d}-{1 + day % _MONTH_DAYS:02d}"
        albums[place] = Album(base62_id("album", seed, place), name, by, date, size)
    return albums


def _tracks(
    catalogue: Catalogue, used: Places, albums: dict[int, Album], rng: np.random.Generator
) -> Iterator[Track]:
    n_tracks = len(catalogue.artist_of)
    rows = (
        used,
        catalogue.artist_of[used],
        catalogue.album_of[used],
        rng.integers(0, 2**31, (n_tracks, N_DRAWN))[used],
        rng.integers(118_000, 395_000, n_tracks)[used],
        rng.random(n_tracks)[used] < 0.06,
        catalogue.values[used],
        rng.integers(0, 12, n_tracks)[used],
        # the happier the track (valence), the more often in a major key (mode 1)
        (rng.random(n_tracks) < 0.35 + 0.5 * catalogue.values[:, 2])[used].astype(int),
    )
    titles: set[str] = set()  # of one artist
    before, last_album, number = -1, -1, 0
    for place, artist, album, draw, duration_ms, explicit, values, key, mode in zip(
        *(row.tolist() for row in rows), strict=True
    ):
        titles = titles if artist == before else set()
        number = number + 1 if album == last_album else 1
        before, last_album, on = artist, album, albums[album]
        name = _unused(title(catalogue.scripts[artist], draw), titles)
        track_id, isrc = base62_id("track", on.id, place), invented_isrc(place, int(on.release_date[:4]))
        attributes = (*values, key, mode)
        yield Track(track_id, name, (on.artist,), on, isrc, duration_ms, number, explicit, attributes)


def _unused(name: str, titles: set[str]) -> str:
    wanted, part = name, 2
    while name in titles:
        name, part = f"{wanted}, part {part}", part + 1
    titles.add(name)
    return name
