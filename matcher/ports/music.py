"""Reading music, and mapping it into the shared space."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening
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
