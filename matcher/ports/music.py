"""Reading music, and mapping it into the shared space."""

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
"""Told what has been read so far; must return soon."""


class Embedder(Protocol):
    """Maps profiles into the shared space."""

    @property
    def model_version(self) -> str:
        """Digest of the model; vectors of different versions never mix."""
        ...

    @property
    def dim(self) -> int:
        """Dimensions of one tower's output."""
        ...

    def embed(self, profiles: Sequence[ListenerProfile]) -> TowerVectors:
        """Both towers' vectors of each profile, in order. An empty sequence gives [0, dim] arrays."""
        ...


class ListeningSource(Protocol):
    """Reads a signed-in listener's library from where it is."""

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """Read everything that may be read.

        Args:
            listener_id: whose.
            report: told about progress.
            so_far: told what has been read whenever a part is done and others are to come; a source that
                reads all in one go never calls it.

        Raises:
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed: as they say.
            Stopped: `report` raised it.
        """
        ...


class AttributeProvider(Protocol):
    """Knows audio attributes of tracks."""

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key, for the tracks of `listening` that are known."""
        ...


class AttributeStore(AttributeProvider, Protocol):
    """Audio attributes from imported tables, kept for look-up."""

    def add_attributes(self, rows: Iterable[tuple[Sequence[str], AudioAttributes]]) -> int:
        """Keep attributes under each of a row's look-up keys (see `lookup_keys`); how many rows."""
        ...


def lookup_keys(track: str = "", track_id: str = "", isrc: str = "") -> tuple[str, ...]:
    """The keys under which a track's attributes are looked up, most exact first.

    Args:
        track: canonical track key.
        track_id: id in the source.
        isrc: International Standard Recording Code.
    """
    keys = (track_id and f"id:{track_id}", isrc and f"isrc:{isrc.upper()}", track and f"key:{track}")
    return tuple(key for key in keys if key)


class AttributeCache(Protocol):
    """Answers of services about audio attributes, also that nothing is known, shared by every process.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def answers(
        self, service: str, keys: Sequence[str], since: datetime
    ) -> Mapping[str, AudioAttributes | None]:
        """What a service answered, by key; None where it knew nothing. Keys it was not asked for are absent.

        Args:
            service: which service; each has its own answers.
            keys: look-up keys of tracks (see `lookup_keys`).
            since: answers from before this moment are not looked at.
        """
        ...

    def keep(self, service: str, answers: Mapping[str, AudioAttributes | None], now: datetime) -> None:
        """Keep answers by look-up key, in place of earlier ones."""
        ...


ARTIST, TRACK = "artist", "track"
"""What an id names, as Spotify's addresses call it."""

ItemKey = tuple[str, str]
"""`ARTIST` or `TRACK`, and the canonical key."""


class ItemIdStore(Protocol):
    """Spotify's ids of artists and tracks from imported tables; nothing of it is about listeners.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def keep_ids(self, ids: Mapping[ItemKey, str]) -> None:
        """Keep ids, in place of earlier ones of the same items."""
        ...

    def ids_of(self, items: Collection[ItemKey]) -> Mapping[ItemKey, str]:
        """The ids of those items that have one."""
        ...


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """A playlist that was made.

    Attributes:
        url: where it can be opened; empty if it was not said.
        n_added: tracks that stand in it.
        not_found: keys of tracks the service does not know, or was not asked for.
        complete: whether every track that was found is in it; False where adding broke off in the middle.
        was_there: whether it had been made before, and is answered with instead of a second one.
    """

    url: str
    n_added: int
    not_found: tuple[str, ...]
    complete: bool
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class KeptPlaylist:
    """A playlist that was made before.

    Attributes:
        playlist_id: Spotify's id of it.
        n_tracks: how many were put in; None where adding broke off.
    """

    playlist_id: str
    n_tracks: int | None


class MadePlaylistStore(Protocol):
    """Which playlists Earshot made for whom, so that they are never read as anybody's taste, nor made twice.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        """Remember a playlist that was made just now, with nothing in it yet.

        Raises:
            UnknownListener: the listener has been erased meanwhile.
        """
        ...

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        """Note how many tracks were put into it."""
        ...

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        """The latest playlist that was made for a listener of this very content, or None."""
        ...

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        """Those of these playlists that Earshot made, for whomever."""
        ...

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Be the only one to make playlists for a listener, over every process that shares the database."""
        ...


@dataclass(frozen=True, slots=True)
class Linkable:
    """Something that is recommended, to be opened where it can be heard.

    Attributes:
        kind: `ARTIST` or `TRACK`.
        key: canonical key.
        name: as written; the key where nobody wrote it.
        artist: of a track, as written; empty otherwise, or where unknown.
        owners: ids of listeners who have it: what was read of them may know its id.
    """

    kind: str
    key: str
    name: str
    artist: str = ""
    owners: tuple[str, ...] = ()

    @classmethod
    def of(cls, track: JointTrack) -> "Linkable":
        """A track of a joint playlist."""
        return cls(TRACK, track.key, track.title, track.artist, track.owners)


class PlaylistMaker(Protocol):
    """Makes playlists where listeners keep theirs."""

    def may_make(self, listener_id: str) -> bool:
        """Whether the listener has granted it; if not, they have to be asked first."""
        ...

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        """Make a private playlist in the listener's library; the one that is there if it was made before.

        Raises:
            ScopeMissing: the listener has not granted it; nothing was called.
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed: it is not made.
        """
        ...

    def addresses(self, listener_id: str) -> Mapping[str, str]:
        """Where artists and tracks of a listener's library can be opened, by canonical key, as last read.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        ...

    def links(self, items: Sequence[Linkable]) -> Mapping[str, str]:
        """An address for each of these, by key, without asking anybody.

        That of the very item where its id is known, else that of a search for its name. Only what has neither
        an id nor a name is left out.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        ...
