"""Making a playlist in a listener's own library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from matcher.playlist import JointTrack


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

    def links(self, tracks: Sequence[JointTrack]) -> Mapping[str, str]:
        """Addresses of the tracks that are known without asking, by key."""
        ...
