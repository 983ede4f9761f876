"""Making a playlist in a listener's own library."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matcher.domain.playlist import JointTrack
from matcher.ports.item_ids import TRACK


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
