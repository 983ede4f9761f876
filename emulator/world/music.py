"""What a world is made of: scenes, artists, tracks, and the libraries of its listeners."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

EPOCH_S = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
"""The moment that all dates of a world are relative to: 2026-11-01, midnight UTC."""

TIME_RANGES = ("short_term", "medium_term", "long_term")

ATTRIBUTES = (
    "danceability energy valence acousticness instrumentalness speechiness liveness tempo loudness key mode"
).split()
"""Names of the audio attributes, in the order in which tracks hold their values."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A corner of the musical world: its tags, its years and how it sounds."""

    name: str
    tags: tuple[str, ...]
    year: int
    sound: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist; ``scene`` is empty where the world knows none."""

    id: str
    name: str
    tags: tuple[str, ...] = ()
    scene: str = ""


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
    """A recording. Opaque ones have neither name nor artists; ``attributes`` follow `ATTRIBUTES`."""

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
    """An episode of a podcast, which may stand in a playlist beside tracks."""

    id: str
    name: str
    show: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file from the listener's own disk, which Spotify lists without an id."""

    name: str
    artist: str
    album: str
    duration_ms: int


Item = Track | Episode | LocalFile


class Row(NamedTuple):
    """One line of a playlist, of the saved tracks or of the plays; None is a removed item."""

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
        """A digest of the content: it changes exactly when the playlist does."""
        content = repr((self.name, self.description, self.rows)).encode()
        return hashlib.sha256(content).hexdigest()[:32]


Ranking = Mapping[str, tuple[str, ...]]
"""Identifiers, best first, for each of `TIME_RANGES`."""


@dataclass(frozen=True, slots=True)
class Library:
    """All that a listener has: saved and recent rows are newest first."""

    playlists: tuple[Playlist, ...] = ()
    followed_ids: tuple[str, ...] = ()
    saved: tuple[Row, ...] = ()
    recent: tuple[Row, ...] = ()
    top_track_ids: Ranking = field(default_factory=dict)
    top_artist_ids: Ranking = field(default_factory=dict)
    plays: Mapping[str, int] = field(default_factory=dict)

    def item_ids(self) -> tuple[str, ...]:
        """Every item of the library once, in the order of first mention."""
        ids = dict.fromkeys(self.plays)
        rows = [*self.saved, *self.recent, *(row for playlist in self.playlists for row in playlist.rows)]
        ids.update(dict.fromkeys(row.item_id for row in rows if row.item_id is not None))
        return tuple(ids)


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener with their true scenes, the main one first (empty where unknown)."""

    id: str
    name: str
    library: Library
    scenes: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    niche: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Listeners and their music; immutable, whatever the emulator's administration does.

    Attributes:
        label: Where the listeners come from, shown where one is chosen.
        listeners: By id, in order of making.
        items: Tracks, episodes and local files by the id that rows name.
        artists: By id, the most popular of each scene first.
        scenes: By name.
        problems: Rows of a table that could not be used, each with its line and the reason.
    """

    label: str
    listeners: Mapping[str, Listener]
    items: Mapping[str, Item]
    artists: Mapping[str, Artist]
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def tracks(self) -> dict[str, Track]:
        """The tracks among the items, by id."""
        return {key: item for key, item in self.items.items() if isinstance(item, Track)}

    def tracks_of_scene(self, scene: str) -> tuple[Track, ...]:
        """The tracks whose first artist belongs to the scene, most popular artists first."""
        return tuple(t for t in self.tracks.values() if t.artists and t.artists[0].scene == scene)


def rank_artists(track_ids: Iterable[str], items: Mapping[str, Item]) -> tuple[str, ...]:
    """Ids of artists by their tracks' places in a ranking, best first; ties in the order of first mention.

    A track at place r (from 0) gives its artists 1 / sqrt(1 + r), so one hit does not outweigh a
    shelf of favourites.
    """
    scores: dict[str, float] = {}
    for place, track_id in enumerate(track_ids):
        track = items.get(track_id)
        for artist in track.artists if isinstance(track, Track) else ():
            scores[artist.id] = scores.get(artist.id, 0.0) + (1 + place) ** -0.5
    return tuple(sorted(scores, key=lambda artist_id: -scores[artist_id]))
