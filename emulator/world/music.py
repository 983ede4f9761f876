"""Parts of a world: scenes, artists, tracks, libraries, listeners."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

EPOCH_S = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
"""Reference time of all dates in a world: 2026-11-01, midnight UTC."""

TIME_RANGES = ("short_term", "medium_term", "long_term")

ATTRIBUTES = (
    "danceability energy valence acousticness instrumentalness speechiness liveness tempo loudness key mode"
).split()
"""Names of the audio attributes, in the order of `Track.attributes`."""

SOUND_TASTES = ("tempo", "energy", "valence", "danceability", "instrumentalness")
"""Audio attributes that listeners of one scene like more or less of, in the order of `Listener.sound`."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A music scene: tags, typical year, and means of audio attributes."""

    name: str
    tags: tuple[str, ...]
    year: int
    sound: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist; ``scene`` is "" if unknown. Each tag has the number of its taggers."""

    id: str
    name: str
    tags: tuple[str, ...] = ()
    scene: str = ""
    taggers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Album:
    """A release of one artist."""

    id: str
    name: str
    artist: Artist
    release_date: str
    n_tracks: int


@dataclass(frozen=True, slots=True)
class Track:
    """A recording; ``attributes`` follow `ATTRIBUTES`. May lack name and artists."""

    id: str
    name: str = ""
    artists: tuple[Artist, ...] = ()
    album: Album | None = None
    isrc: str = ""
    duration_ms: int = 0
    track_number: int = 1
    explicit: bool = False
    attributes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """A podcast episode, which playlists may contain beside tracks."""

    id: str
    name: str
    show: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A local file of the listener, which Spotify lists without an id."""

    name: str
    artist: str
    album: str
    duration_ms: int


Item = Track | Episode | LocalFile


class Row(NamedTuple):
    """A row of a playlist, the saved tracks or the plays; None for a removed item."""

    item_id: str | None
    at_s: int


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist of one listener, rows in playing order."""

    id: str
    name: str
    owner_id: str
    rows: tuple[Row, ...] = ()
    description: str = ""
    public: bool = True
    collaborative: bool = False

    @property
    def snapshot_id(self) -> str:
        """Digest of the content: changes exactly when the playlist does."""
        content = repr((self.name, self.description, self.rows)).encode()
        return hashlib.sha256(content).hexdigest()[:32]


Ranking = Mapping[str, tuple[str, ...]]
"""Ids by time range, best first."""


@dataclass(frozen=True, slots=True)
class Library:
    """A listener's library; saved, recent and album rows are newest first.

    Attributes:
        albums: saved albums, by their ids.
        followed_artist_ids: in the order in which Spotify lists them.
    """

    playlists: tuple[Playlist, ...] = ()
    followed_ids: tuple[str, ...] = ()
    saved: tuple[Row, ...] = ()
    recent: tuple[Row, ...] = ()
    top_track_ids: Ranking = field(default_factory=dict)
    top_artist_ids: Ranking = field(default_factory=dict)
    plays: Mapping[str, int] = field(default_factory=dict)
    albums: tuple[Row, ...] = ()
    followed_artist_ids: tuple[str, ...] = ()

    def item_ids(self) -> tuple[str, ...]:
        ids = dict.fromkeys(self.plays)
        rows = [*self.saved, *self.recent, *(row for playlist in self.playlists for row in playlist.rows)]
        ids.update(dict.fromkeys(row.item_id for row in rows if row.item_id is not None))
        return tuple(ids)


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener with their true taste; empty if unknown.

    Attributes:
        scenes: the scenes heard, main scene first.
        weights: share of each scene; they sum to 1.
        niche: popularity counts less.
        sound: liking of each of `SOUND_TASTES` within a scene; 0 is no preference, 1 one standard deviation
            of all listeners.
    """

    id: str
    name: str
    library: Library
    scenes: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    niche: bool = False
    sound: tuple[float, ...] = ()


@dataclass(frozen=True)
class World:
    """Listeners and their music; immutable.

    Attributes:
        label: where the listeners come from; shown on the authorize page.
        items: tracks, episodes and local files, by the id in rows.
        artists: by id, most popular of each scene first.
        problems: rejected rows of a table, with line and reason.
    """

    label: str
    listeners: Mapping[str, Listener]
    items: Mapping[str, Item]
    artists: Mapping[str, Artist]
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @cached_property
    def albums(self) -> Mapping[str, tuple[Track, ...]]:
        """Tracks of each album, by its id, in their order on it."""
        found: dict[str, list[Track]] = {}
        for track in self.tracks.values():
            if track.album is not None:
                found.setdefault(track.album.id, []).append(track)
        return {key: tuple(sorted(on, key=lambda track: track.track_number)) for key, on in found.items()}

    @cached_property
    def tracks(self) -> Mapping[str, Track]:
        return {key: item for key, item in self.items.items() if isinstance(item, Track)}

    def tracks_of_scene(self, scene: str) -> tuple[Track, ...]:
        """Tracks whose first artist belongs to the scene, most popular artists first."""
        return tuple(t for t in self.tracks.values() if t.artists and t.artists[0].scene == scene)


def rank_artists(track_ids: Iterable[str], items: Mapping[str, Item]) -> tuple[str, ...]:
    """Rank artists by their tracks' places; ties in first-seen order.

    A track at place r (from 0) gives its artists 1 / sqrt(1 + r), so that one hit does not outweigh many
    favourites.
    """
    scores: dict[str, float] = {}
    for place, track_id in enumerate(track_ids):
        track = items.get(track_id)
        for artist in track.artists if isinstance(track, Track) else ():
            scores[artist.id] = scores.get(artist.id, 0.0) + (1 + place) ** -0.5
    return tuple(sorted(scores, key=lambda artist_id: -scores[artist_id]))
