"""Making a playlist in a listener's own library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from matcher.playlist import JointTrack
from matcher.ports.item_ids import TRACK


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """A playlist that was made.

    Attributes:
        url: where it can be opened; empty if it was not said.
        n_added: tracks that stand in it.
        not_found: keys of tracks the service does not know, or was not asked for.
        complete: whether every track that was found is in it; False where adding broke off in the middle.
    """

    url: str
    n_added: int
    not_found: tuple[str, ...]
    complete: bool


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
        """Make a private playlist in the listener's library.

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
