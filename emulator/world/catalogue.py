"""Popularity and sound of the invented artists and tracks of a synthetic world, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.music import ATTRIBUTES, SOUND_TASTES, Scene

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

# By audio attribute, as in `ATTRIBUTES` without key and mode: spread in a scene as in real subgenres, share
# of the variance that is the artist's, lowest and highest value.
_SPREAD = np.array([0.12, 0.15, 0.20, 0.19, 0.14, 0.05, 0.12, 22.0, 2.7])
_ARTIST_SHARE = np.array([0.3, 0.35, 0.3, 0.3, 0.35, 0.25, 0.1, 0.12, 0.4])
_LOW = np.array([0, 0, 0, 0, 0, 0, 0, 45.0, -38.0])
_HIGH = np.array([1, 1, 1, 1, 1, 1, 1, 215.0, -1.0])
_TASTED = [ATTRIBUTES.index(name) for name in SOUND_TASTES]
# What goes together in real tables: (attribute, correlation, with this one).
_TOGETHER = (("loudness", 0.7, "energy"), ("acousticness", -0.6, "energy"), ("danceability", 0.4, "valence"))
# Popularity of a scene's artists: Zipf-Mandelbrot, and a share that falls to all alike, the long tail.
_ARTIST_EXPONENT, _ARTIST_HEAD, _TAIL_SHARE = 3.4, 16.0, 0.16
_TRACK_EXPONENT = 0.3  # Zipf popularity of an artist's tracks
_FIRST_RELEASE = (1, 3, 6, 10, 12, 14)  # tracks
# Further albums of the most popular artist, and their fall by rank.
_MORE_ALBUMS, _ALBUMS_EXPONENT = 18.0, 0.6


@dataclass(frozen=True, slots=True)
class Pool:
    """Artists and tracks of one scene, for sampling; most popular artists first.

    Attributes:
        first_track: place in the catalogue of the scene's first track.
        starts, sizes: ``[n_artists] int64``, place in the pool of each artist's first track, and how many.
        log_artist: ``[n_artists] float64``, log of popularity.
        log_track: ``[n_tracks] float64``, log of popularity within the artist.
        artist_sound: ``[n_artists, n_tastes] float64``, the artist's part of `track_sound`.
        track_sound: ``[n_tracks, n_tastes] float64``, `SOUND_TASTES` in standard deviations within the scene.
    """

    scene: Scene
    first_track: int
    starts: Places
    sizes: Places
    log_artist: Floats
    log_track: Floats
    artist_sound: Floats
    track_sound: Floats


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that could be heard; artists scene by scene, tracks artist by artist.

    Attributes:
        shares: ``[n_scenes] float64``, share of each scene in artists and in listeners.
        scene_of, rank_of: ``[n_artists] int64``, place of the artist's scene, and of the artist in it.
        artist_of, album_of: ``[n_tracks] int64``, place of the track's artist and of its album.
        values: ``[n_tracks, 9] float64``, audio attributes without key and mode.
    """

    scenes: tuple[Scene, ...]
    pools: tuple[Pool, ...]
    shares: Floats
    scene_of: Places
    rank_of: Places
    artist_of: Places
    album_of: Places
    values: Floats

    def heads(self, n_artists: int, n_tracks: int) -> Places:
        """Places of the first tracks of the most popular artists of each scene."""
        places = [
            pool.first_track + start + np.arange(min(n_tracks, size))
            for pool in self.pools
            for start, size in zip(pool.starts[:n_artists], pool.sizes[:n_artists], strict=True)
        ]
        return np.concatenate(places)


def make_catalogue(scenes: Sequence[Scene], n_artists: int, seed: int) -> Catalogue:
    """Draw artists with a dozen tracks each, the popular ones with a hundred and more."""
    rng = np.random.default_rng([seed, 1])
    shares = rng.dirichlet(np.full(len(scenes), 8.0))
    maker = _CatalogueMaker(rng)
    for scene, share in zip(scenes, shares.tolist(), strict=True):
        maker.add_scene(scene, max(3, round(share * n_artists)))
    n_each = [len(pool.sizes) for pool in maker.pools]
    return Catalogue(
        scenes=tuple(scenes),
        pools=tuple(maker.pools),
        shares=shares,
        scene_of=np.repeat(np.arange(len(scenes)), n_each),
        rank_of=np.concatenate([np.arange(n) for n in n_each]),
        artist_of=np.concatenate(maker.artist_of),
        album_of=np.concatenate(maker.album_of),
        values=np.concatenate(maker.values),
    )


class _CatalogueMaker:
    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._n_artists = self._n_tracks = self._n_albums = 0
        self.pools: list[Pool] = []
        self.values: list[Floats] = []
        self.artist_of: list[Places] = []
        self.album_of: list[Places] = []

    def add_scene(self, scene: Scene, n_artists: int) -> None:
        rank = np.arange(n_artists)
        n_albums = 1 + self._rng.poisson(_MORE_ALBUMS / (1 + rank) ** _ALBUMS_EXPONENT)
        album_sizes = self._rng.integers(5, 14, n_albums.sum())
        album_sizes[np.cumsum(n_albums) - n_albums] = self._rng.choice(_FIRST_RELEASE, n_artists)
        slots = np.repeat(np.repeat(rank, n_albums), album_sizes)
        self.artist_of.append(self._n_artists + slots)
        self.album_of.append(self._n_albums + np.repeat(np.arange(len(album_sizes)), album_sizes))
        by_artist, by_track = _deviations(slots, self._rng)
        self.values.append(np.clip(np.array(scene.sound) + by_track * _SPREAD, _LOW, _HIGH).round(3))
        sizes = np.bincount(slots, minlength=n_artists)
        starts = np.cumsum(sizes) - sizes
        log_track = -_TRACK_EXPONENT * np.log1p(np.arange(len(slots)) - starts[slots])
        sounds = by_artist[:, _TASTED], by_track[:, _TASTED]
        popularity = np.log(_popularity(n_artists))
        self.pools.append(Pool(scene, self._n_tracks, starts, sizes, popularity, log_track, *sounds))
        self._n_artists += n_artists
        self._n_tracks += len(slots)
        self._n_albums += len(album_sizes)


def _popularity(n_artists: int) -> Floats:
    """Share of each artist of a scene, most popular first: ``[n_artists] float64``."""
    zipf = (_ARTIST_HEAD + np.arange(n_artists)) ** -_ARTIST_EXPONENT
    popularity: Floats = (1 - _TAIL_SHARE) * zipf / zipf.sum() + _TAIL_SHARE / n_artists
    return popularity


def _deviations(slots: Places, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Standard deviations from the scene's mean sound, by artist and by track: ``[n, 9]`` each.

    An artist sits somewhere in the scene; the tracks lie around the artist.
    """
    by_artist = np.sqrt(_ARTIST_SHARE) * rng.normal(size=(slots[-1] + 1, len(_SPREAD)))
    by_track = by_artist[slots] + np.sqrt(1 - _ARTIST_SHARE) * rng.normal(size=(len(slots), len(_SPREAD)))
    for name, correlation, other in _TOGETHER:
        column, cause = ATTRIBUTES.index(name), by_track[:, ATTRIBUTES.index(other)]
        by_track[:, column] = correlation * cause + np.sqrt(1 - correlation**2) * by_track[:, column]
    return by_artist, by_track
