"""Ports for reading music, attributes, ids, playlists, and for embedding.

Every store method raises `StorageUnreachable` if the database does not answer.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening
from matcher.domain.playlist import JointTrack
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import TowerVectors
from matcher.ports.values import Report

SoFar = Callable[[Listening], None]
"""Callback with the listening read so far; must return soon."""


class Embedder(Protocol):
    """Maps profiles to the shared space."""

    @property
    def model_version(self) -> str:
        """Digest of the model; vectors of different versions are not comparable."""
        ...

    @property
    def dim(self) -> int:
        """Output dimension of one tower."""
        ...

    def embed(self, profiles: Sequence[ListenerProfile]) -> TowerVectors:
        """Vectors of both towers, in order; an empty sequence gives [0, dim] arrays."""
        ...


class ListeningSource(Protocol):
    """Reads a listener's library: of who is signed in, or of a user name."""

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """Read all permitted parts of the library.

        Args:
            listener_id: the library's owner.
            report: progress callback.
            so_far: called between parts with the listening so far; never called by a source that reads
                everything at once.

        Raises:
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed, ServiceError:
                the call failed.
            Stopped: raised by `report`.
        """
        ...


class AttributeProvider(Protocol):
    """Provides audio attributes of tracks."""

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Known attributes of the tracks in `listening`, by canonical track key."""
        ...


class AttributeStore(AttributeProvider, Protocol):
    """Stores audio attributes from imported tables."""

    def add_attributes(self, rows: Iterable[tuple[Sequence[str], AudioAttributes]]) -> int:
        """Store attributes under all look-up keys of each row; return the number of rows."""
        ...


def lookup_keys(track: str = "", track_id: str = "", isrc: str = "") -> tuple[str, ...]:
    """Keys for looking up a track's attributes, most specific first.

    `track` is the canonical key, `track_id` the id in the source, `isrc` the standard recording code.
    """
    keys = (track_id and f"id:{track_id}", isrc and f"isrc:{isrc.upper()}", track and f"key:{track}")
    return tuple(key for key in keys if key)


class AttributeCache(Protocol):
    """Caches answers of attribute services, also negative ones, for all processes."""

    def answers(
        self, service: str, keys: Sequence[str], since: datetime
    ) -> Mapping[str, AudioAttributes | None]:
        """Cached answers by look-up key: None for a negative one, absent if not asked.

        Each service has its own answers. Answers before `since` are ignored.
        """
        ...

    def keep(self, service: str, answers: Mapping[str, AudioAttributes | None], now: datetime) -> None:
        """Store answers by look-up key; replace earlier ones."""
        ...


ARTIST, TRACK = "artist", "track"  # kinds of ids, as in Spotify's addresses

ItemKey = tuple[str, str]  # `ARTIST` or `TRACK`, and the canonical key


class ItemIdStore(Protocol):
    """Stores Spotify ids of artists and tracks from imported tables; no personal data."""

    def keep_ids(self, ids: Mapping[ItemKey, str]) -> None:
        """Store ids; replace earlier ones of the same items."""
        ...

    def ids_of(self, items: Collection[ItemKey]) -> Mapping[ItemKey, str]:
        """Known ids of the items."""
        ...


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """Result of creating a playlist.

    Attributes:
        url: empty if unknown.
        not_found: keys of tracks the service does not know, or was not asked for.
        complete: False if adding failed part-way.
        was_there: an existing playlist was returned.
    """

    url: str
    n_added: int
    not_found: tuple[str, ...]
    complete: bool
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class KeptPlaylist:
    """A playlist created before; `n_tracks` is None if adding failed part-way."""

    playlist_id: str
    n_tracks: int | None


class MadePlaylistStore(Protocol):
    """Stores which playlists Earshot created, so as not to read or create them again."""

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        """Store a new, still empty playlist.

        Raises:
            UnknownListener: the listener was erased meanwhile.
        """
        ...

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        """Store the number of tracks added."""
        ...

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        """Latest playlist of a listener with this exact content, or None."""
        ...

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        """The playlists among these that Earshot created, for any listener."""
        ...

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Lock for creating a listener's playlists, across processes."""
        ...


@dataclass(frozen=True, slots=True)
class Linkable:
    """A recommended item to link to.

    Attributes:
        kind: `ARTIST` or `TRACK`.
        name: as written; the key if unknown.
        artist: artist of a track, as written; empty otherwise, or if unknown.
        owners: ids of listeners who have it, whose synced data may contain its Spotify id.
    """

    kind: str
    key: str
    name: str
    artist: str = ""
    owners: tuple[str, ...] = ()

    @classmethod
    def of(cls, track: JointTrack) -> "Linkable":
        """From a track of a joint playlist."""
        return cls(TRACK, track.key, track.title, track.artist, track.owners)


class PlaylistMaker(Protocol):
    """Creates playlists in listeners' accounts."""

    def may_make(self, listener_id: str) -> bool:
        """Whether the listener has granted the permission."""
        ...

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        """Create a private playlist, or return the one created before.

        Raises:
            ScopeMissing: permission not granted; Spotify was not called.
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed: not created.
        """
        ...

    def addresses(self, listener_id: str) -> Mapping[str, str]:
        """Addresses of artists and tracks in a listener's library, by key, as last read."""
        ...

    def links(self, items: Sequence[Linkable]) -> Mapping[str, str]:
        """Addresses of items by key, without calling a service.

        The item's address if its id is known, else a search for its name; items with neither are absent.
        """
        ...
