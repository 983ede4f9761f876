"""Synthetic profiles from a seed: scenes, favourites, tails, playlists, audio."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import SUMMARISED, AudioAttributes
from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.listening import Part, Source
from matcher.domain.profile import Facet, Item, ListenerProfile, restrict
from towers.training.splits import ItemMetadata

N_SCENES = 40
ARTISTS_EACH = 150
TRACKS_EACH = 10
N_ARTISTS = N_SCENES * ARTISTS_EACH
MEAN_TRACKS = 40
_FAVOURED = 0.7
"""Share of a listener's tracks by favourite artists."""

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Catalogue:
    """All artists and tracks; index // ARTISTS_EACH is the scene of an artist.

    Attributes:
        artists, tracks: canonical keys; track index // TRACKS_EACH is the artist of a track.
        decades: [n_artists].
    """

    artists: tuple[str, ...]
    tracks: tuple[str, ...]
    decades: tuple[int, ...]

    @cached_property
    def tags_only(self) -> ItemMetadata:
        """Tags of the artists, and no audio attributes."""
        tags = {key: _tags(place) for place, key in enumerate(self.artists)}
        return ItemMetadata(tags)

    @cached_property
    def with_audio(self) -> ItemMetadata:
        """Tags of the artists and audio attributes of every track."""
        rng = np.random.default_rng(1)
        scenes = rng.uniform(0.15, 0.85, (N_SCENES, len(SUMMARISED)))
        scene_of = np.arange(len(self.tracks)) // (ARTISTS_EACH * TRACKS_EACH)
        values = np.clip(scenes[scene_of] + rng.normal(0, 0.12, (len(self.tracks), len(SUMMARISED))), 0, 1)
        rows = (dict(zip(SUMMARISED, row, strict=True)) for row in values.tolist())
        sound = {key: AudioAttributes(row) for key, row in zip(self.tracks, rows, strict=True)}
        return ItemMetadata(self.tags_only.artist_tags, sound)


def artist_name(artist: int) -> str:
    """The artist's name as a table has it."""
    return f"Artist {artist:05d}"


def track_name(track: int) -> str:
    """The track's title as a table has it."""
    return f"Song {track % TRACKS_EACH}"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The one catalogue of all benchmarks."""
    artists = tuple(artist_key(artist_name(place)) for place in range(N_ARTISTS))
    tracks = tuple(
        track_key(track_name(place), artists[place // TRACKS_EACH])
        for place in range(N_ARTISTS * TRACKS_EACH)
    )
    decades = np.random.default_rng(0).integers(196, 203, N_ARTISTS) * 10
    return Catalogue(artists, tracks, tuple(decades.tolist()))


def _tags(artist: int) -> Mapping[str, float]:
    scene = artist // ARTISTS_EACH
    return {
        f"scene {scene}": 3.0,
        f"scene {(scene + 1) % N_SCENES}": 1.0,
        f"style {artist % 97}": 2.0,
    }


def _zipf(n: int, power: float) -> NDArray[np.float64]:
    """Cumulative shares of places by popularity."""
    weights = np.arange(1, n + 1, dtype=np.float64) ** -power
    return np.cumsum(weights / weights.sum())


_ARTIST_SHARES, _TRACK_SHARES = _zipf(ARTISTS_EACH, 0.9), _zipf(TRACKS_EACH, 0.7)


def listener_ids(n: int, group: str) -> list[str]:
    """Ids of a group's listeners."""
    return [f"{group}-{number:06d}" for number in range(n)]


def draw_tracks(rng: np.random.Generator, n_tracks: int) -> Places:
    """[n_tracks] distinct tracks of one synthetic listener."""
    scenes = rng.choice(N_SCENES, int(rng.integers(1, 4)), replace=False)
    favourites = _draw_artists(rng, scenes, max(4, n_tracks // 4))
    found = np.zeros(0, np.int64)
    while len(found) < n_tracks:
        n = 2 * n_tracks
        stray = _draw_artists(rng, scenes, n)
        artists = np.where(rng.random(n) < _FAVOURED, rng.choice(favourites, n), stray)
        tracks = artists * TRACKS_EACH + np.searchsorted(_TRACK_SHARES[:-1], rng.random(n))
        _, first = np.unique(np.concatenate([found, tracks]), return_index=True)
        found = np.concatenate([found, tracks])[np.sort(first)]
    return found[:n_tracks]


def _draw_artists(rng: np.random.Generator, scenes: Places, n: int) -> Places:
    places = np.searchsorted(_ARTIST_SHARES[:-1], rng.random(n))
    return np.asarray(rng.choice(scenes, n) * ARTISTS_EACH + places)


def make_listeners(
    n: int, group: str, seed: int, metadata: ItemMetadata, n_tracks: int = 0
) -> Iterator[ListenerProfile]:
    """Profiles of a group's listeners.

    Args:
        n: number of listeners.
        group: prefix of their ids; groups with different seeds share no listener.
        seed: listener number i of a group depends on the seed and i alone.
        metadata: `Catalogue.tags_only` or `Catalogue.with_audio`.
        n_tracks: tracks of each; 0 for a random number, 40 on average.
    """
    for number, listener_id in enumerate(listener_ids(n, group)):
        rng = np.random.default_rng([seed, number])
        yield _make(listener_id, rng, metadata, n_tracks or _how_many(rng))


def _how_many(rng: np.random.Generator) -> int:
    return int(np.clip(rng.lognormal(np.log(MEAN_TRACKS) - 0.18, 0.6), 8, 400))


def _make(
    listener_id: str, rng: np.random.Generator, metadata: ItemMetadata, n_tracks: int
) -> ListenerProfile:
    known = catalogue()
    tracks = draw_tracks(rng, n_tracks)
    n_facets = int(rng.integers(1, 6))
    facets = rng.integers(0, n_facets, n_tracks).tolist()
    plays = rng.geometric(0.2, n_tracks).astype(float).tolist()
    items = [
        Item(
            known.artists[track // TRACKS_EACH],
            known.tracks[track],
            amount,
            f"playlists:{facet}",
            known.decades[track // TRACKS_EACH],
        )
        for track, facet, amount in zip(tracks.tolist(), facets, plays, strict=True)
    ]
    scene = int(tracks[0]) // (ARTISTS_EACH * TRACKS_EACH)
    named = {f"playlists:{one}": Facet(Part.PLAYLISTS, f"scene{scene} mood{one}") for one in range(n_facets)}
    return restrict(
        ListenerProfile(listener_id, Source.SYNTHETIC, facets=named),
        items,
        metadata.artist_tags,
        metadata.attributes,
    )


def table_rows(n: int, group: str, seed: int) -> Iterator[tuple[str, str, str, str, int]]:
    """Rows of a listening table: listener, artist, track, playlist, plays."""
    for number, listener_id in enumerate(listener_ids(n, group)):
        rng = np.random.default_rng([seed, number])
        n_tracks = _how_many(rng)
        tracks = draw_tracks(rng, n_tracks).tolist()
        playlists = rng.integers(0, 5, n_tracks).tolist()
        plays = rng.geometric(0.2, n_tracks).tolist()
        for track, playlist, amount in zip(tracks, playlists, plays, strict=True):
            yield listener_id, artist_name(track // TRACKS_EACH), track_name(track), f"p{playlist}", amount
