"""Invented artists of a synthetic world, with what their recordings sound like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.ids import base62_id
from emulator.world.music import ATTRIBUTES, SOUND_TASTES, Artist, Scene
from emulator.world.names import ArtistName, NameMaker
from emulator.world.tagging import N_CHANCES, people_tags

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

# By audio attribute, as in `ATTRIBUTES` without key and mode: spread in a scene as in real subgenres, share of
# the variance that is the artist's, lowest and highest value.
_SPREAD = np.array([0.12, 0.15, 0.20, 0.19, 0.14, 0.05, 0.12, 22.0, 2.7])
_ARTIST_SHARE = np.array([0.3, 0.35, 0.3, 0.3, 0.35, 0.25, 0.1, 0.12, 0.4])
_LOW = np.array([0, 0, 0, 0, 0, 0, 0, 45.0, -38.0])
_HIGH = np.array([1, 1, 1, 1, 1, 1, 1, 215.0, -1.0])
_TASTED = [ATTRIBUTES.index(name) for name in SOUND_TASTES]
# What goes together in real tables: (attribute, correlation, with this one).
_TOGETHER = (("loudness", 0.7, "energy"), ("acousticness", -0.6, "energy"), ("danceability", 0.4, "valence"))
# Zipf-Mandelbrot popularity of a scene's artists, and Zipf popularity of an artist's tracks.
_ARTIST_EXPONENT, _ARTIST_HEAD, _TRACK_EXPONENT = 1.25, 6.0, 0.5
_FIRST_RELEASE = (1, 1, 1, 2, 3, 6)  # tracks: mostly singles
_MORE_ALBUMS = 6.0  # further albums of the most popular artist; falls with the root of the rank


@dataclass(frozen=True, slots=True)
class Pool:
    """Artists and tracks of one scene, for sampling; most popular artists first.

    Attributes:
        first_track: place in the catalogue of the scene's first track.
        starts, sizes: ``[n_artists] int64``, place in the pool of each artist's first track, and their number.
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
    """All artists, and what their tracks sound like; artists scene by scene, tracks artist by artist.

    Attributes:
        scripts: script of each artist's name.
        shares: ``[n_scenes] float64``, share of each scene in artists and in listeners.
        artist_of, album_of: ``[n_tracks] int64``, place of the track's artist and of its album.
        scene_of: ``[n_artists] int64``, place of the artist's scene.
        values: ``[n_tracks, 9] float64``, audio attributes without key and mode.
    """

    scenes: tuple[Scene, ...]
    artists: tuple[Artist, ...]
    scripts: tuple[str, ...]
    pools: tuple[Pool, ...]
    shares: Floats
    artist_of: Places
    album_of: Places
    scene_of: Places
    values: Floats

    def heads(self, n: int) -> Places:
        """Places of the tracks of the `n` most popular artists of each scene."""
        ends = [pool.first_track + pool.sizes[:n].sum() for pool in self.pools]
        return np.concatenate(
            [np.arange(pool.first_track, end) for pool, end in zip(self.pools, ends, strict=True)]
        )


def make_catalogue(scenes: Sequence[Scene], n_artists: int, seed: int) -> Catalogue:
    """Make artists with about six tracks each, the popular ones with ten times as many.

    The scenes form a ring; some artists also have a tag of the next scene.
    """
    rng = np.random.default_rng([seed, 1])
    maker = _CatalogueMaker(rng, scenes, seed)
    shares = rng.dirichlet(np.full(len(scenes), 8.0))
    for place, share in enumerate(shares.tolist()):
        maker.add_scene(place, max(3, round(share * n_artists)))
    return maker.catalogue(shares)


class _CatalogueMaker:
    def __init__(self, rng: np.random.Generator, scenes: Sequence[Scene], seed: int) -> None:
        self._rng, self._names, self._scenes, self._seed = rng, NameMaker(rng), scenes, seed
        self._artists: list[Artist] = []
        self._scripts: list[str] = []
        self._pools: list[Pool] = []
        self._values: list[Floats] = []
        self._artist_of: list[Places] = []
        self._album_of: list[Places] = []
        self._n_tracks = self._n_albums = 0

    def add_scene(self, place: int, n_artists: int) -> None:
        scene, rank = self._scenes[place], np.arange(n_artists)
        n_albums = 1 + self._rng.poisson(_MORE_ALBUMS / np.sqrt(1 + rank))
        album_sizes = self._rng.integers(5, 14, n_albums.sum())
        album_sizes[np.cumsum(n_albums) - n_albums] = self._rng.choice(_FIRST_RELEASE, n_artists)
        slots = np.repeat(np.repeat(rank, n_albums), album_sizes)
        by_artist, by_track = _deviations(slots, self._rng)
        sizes = np.bincount(slots, minlength=n_artists)
        starts = np.cumsum(sizes) - sizes
        self._pools.append(
            Pool(
                scene,
                self._n_tracks,
                starts,
                sizes,
                -_ARTIST_EXPONENT * np.log(_ARTIST_HEAD + rank),
                -_TRACK_EXPONENT * np.log1p(np.arange(len(slots)) - starts[slots]),
                by_artist[:, _TASTED],
                by_track[:, _TASTED],
            )
        )
        self._values.append(np.clip(np.array(scene.sound) + by_track * _SPREAD, _LOW, _HIGH).round(3))
        self._artist_of.append(len(self._artists) + slots)
        self._album_of.append(self._n_albums + np.repeat(np.arange(len(album_sizes)), album_sizes))
        self._n_tracks += len(slots)
        self._n_albums += len(album_sizes)
        self._add_artists(place, self._names.artists(n_artists))

    def _add_artists(self, place: int, names: Sequence[ArtistName]) -> None:
        scene, neighbour = self._scenes[place], self._scenes[(place + 1) % len(self._scenes)]
        chances = self._rng.random((len(names), N_CHANCES)).tolist()
        wrong = self._rng.integers(0, len(self._scenes), len(names)).tolist()
        for rank, (name, own, other) in enumerate(zip(names, chances, wrong, strict=True)):
            tags = people_tags(own, rank, scene, neighbour, self._scenes[other])
            key = base62_id("artist", self._seed, name.text)
            self._artists.append(Artist(key, name.text, (*tags,), scene.name, (*tags.values(),)))
            self._scripts.append(name.script)

    def catalogue(self, shares: Floats) -> Catalogue:
        """Everything that was added."""
        return Catalogue(
            tuple(self._scenes),
            tuple(self._artists),
            tuple(self._scripts),
            tuple(self._pools),
            shares,
            np.concatenate(self._artist_of),
            np.concatenate(self._album_of),
            np.repeat(np.arange(len(self._pools)), [len(pool.sizes) for pool in self._pools]),
            np.concatenate(self._values),
        )


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
