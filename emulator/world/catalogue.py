"""Invented artists and recordings of a synthetic world."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.ids import base62_id, invented_isrc
from emulator.world.music import Album, Artist, Scene, Track
from emulator.world.names import NameMaker

# By audio attribute, as in `ATTRIBUTES` without key and mode: spread in a scene, lowest and highest value.
_SPREAD = np.array([0.1, 0.11, 0.13, 0.14, 0.12, 0.03, 0.06, 12.0, 2.4])
_LOW = np.array([0, 0, 0, 0, 0, 0, 0, 45.0, -38.0])
_HIGH = np.array([1, 1, 1, 1, 1, 1, 1, 215.0, -1.0])
_LAST_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Pool:
    """Tracks of one scene, for sampling.

    Attributes:
        track_ids: ``[n_tracks]`` str.
        artist_slots: ``[n_tracks] int64``, index of each track's artist in the scene.
        log_artist: ``[n_artists] float64``, log of Zipf popularity, most popular first.
        log_track: ``[n_tracks] float64``, log of Zipf popularity within the artist.
    """

    scene: Scene
    track_ids: NDArray[np.str_]
    artist_slots: NDArray[np.int64]
    log_artist: NDArray[np.float64]
    log_track: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All artists and tracks, with one pool per scene."""

    artists: dict[str, Artist]
    tracks: dict[str, Track]
    pools: tuple[Pool, ...]


def make_catalogue(scenes: Sequence[Scene], n_artists: int, seed: int) -> Catalogue:
    """Make artists with about ten tracks each.

    The scenes form a ring; some artists also have a tag of the next scene.
    """
    rng = np.random.default_rng([seed, 1])
    maker = _CatalogueMaker(rng, NameMaker(rng), seed)
    shares = rng.dirichlet(np.full(len(scenes), 8.0))
    for place, scene in enumerate(scenes):
        neighbour = scenes[(place + 1) % len(scenes)]
        maker.add_scene(scene, neighbour, max(3, round(float(shares[place]) * n_artists)))
    return Catalogue(maker.artists, maker.tracks, tuple(maker.pools))


class _CatalogueMaker:
    def __init__(self, rng: np.random.Generator, names: NameMaker, seed: int) -> None:
        self._rng, self._names, self._seed = rng, names, seed
        self.artists: dict[str, Artist] = {}
        self.tracks: dict[str, Track] = {}
        self.pools: list[Pool] = []

    def add_scene(self, scene: Scene, neighbour: Scene, n_artists: int) -> None:
        per_artist = [self._add_artist(scene, neighbour) for _ in range(n_artists)]
        places = np.concatenate([np.arange(len(ids)) for ids in per_artist])
        slots = np.repeat(np.arange(n_artists), [len(ids) for ids in per_artist])
        ids = np.array([track_id for ids in per_artist for track_id in ids])
        self.pools.append(
            Pool(scene, ids, slots, -0.8 * np.log1p(np.arange(n_artists)), -0.9 * np.log1p(places))
        )

    def _add_artist(self, scene: Scene, neighbour: Scene) -> list[str]:
        name = self._names.artist()
        artist = Artist(base62_id("artist", self._seed, name), name, self._tags(scene, neighbour), scene.name)
        self.artists[artist.id] = artist
        sizes = [int(size) for size in self._rng.integers(3, 9, size=int(self._rng.integers(1, 4)))]
        titles = self._names.titles(sum(sizes) + len(sizes))
        sound = _attributes(scene, sum(sizes), self._rng)
        track_ids: list[str] = []
        for size in sizes:
            album = self._album(artist, titles.pop(), scene.year, size)
            rows = sound[len(track_ids) : len(track_ids) + size]
            track_ids += [self._add_track(album, titles.pop(), i + 1, row) for i, row in enumerate(rows)]
        return track_ids

    def _tags(self, scene: Scene, neighbour: Scene) -> tuple[str, ...]:
        kept = [tag for tag in scene.tags[1:] if self._rng.random() < 0.8]
        lent = [neighbour.tags[0]] if self._rng.random() < 0.12 else []
        return tuple(dict.fromkeys([scene.tags[0], *kept, *lent]))

    def _album(self, artist: Artist, name: str, typical_year: int, n_tracks: int) -> Album:
        year = int(np.clip(round(float(self._rng.normal(typical_year, 5))), 1930, _LAST_YEAR))
        month = int(self._rng.integers(1, 13 if year < _LAST_YEAR else 10))
        day = int(self._rng.integers(1, 29))
        date = f"{year}-{month:02d}-{day:02d}"
        return Album(base62_id("album", artist.id, name), name, artist, date, n_tracks)

    def _add_track(self, album: Album, name: str, number: int, sound: tuple[float, ...]) -> str:
        track = Track(
            id=base62_id("track", album.id, name),
            name=name,
            artists=(album.artist,),
            album=album,
            isrc=invented_isrc(len(self.tracks), int(album.release_date[:4])),
            duration_ms=int(self._rng.integers(118_000, 395_000)),
            track_number=number,
            explicit=bool(self._rng.random() < 0.06),
            attributes=sound,
        )
        self.tracks[track.id] = track
        return track.id


def _attributes(scene: Scene, n: int, rng: np.random.Generator) -> list[tuple[float, ...]]:
    # An artist sits somewhere in the scene; the tracks lie closer around the artist.
    centre = np.array(scene.sound) + rng.normal(0, 0.6, 9) * _SPREAD
    values = np.clip(centre + rng.normal(0, 0.7, (n, 9)) * _SPREAD, _LOW, _HIGH).round(3)
    # the happier the scene (valence), the more tracks are in a major key (mode 1)
    keys, modes = rng.integers(0, 12, n), rng.random(n) < 0.35 + 0.5 * scene.sound[2]
    return [
        (*(float(value) for value in row), int(key), int(mode))
        for row, key, mode in zip(values, keys, modes, strict=True)
    ]
