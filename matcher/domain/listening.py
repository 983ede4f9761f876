"""Listening: the raw facts as they arrive. Never stored."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from matcher.errors import UntrainableSource


class Source(StrEnum):
    """Origin of listening."""

    SYNTHETIC = "synthetic"
    TABLE = "table"
    SPOTIFY_EXPORT = "spotify_export"
    FILE = "file"
    LISTENBRAINZ = "listenbrainz"
    LASTFM = "lastfm"
    PICKED = "picked"
    SPOTIFY_API = "spotify_api"

    @classmethod
    def of_origin(cls, origin: str) -> "Source":
        """The source in an origin such as "file:Deezer"; ValueError if there is none."""
        return cls(origin.partition(":")[0])

    @property
    def trainable(self) -> bool:
        """Whether models may be trained on it. Spotify's terms forbid it for the Web API."""
        return self is not Source.SPOTIFY_API

    @property
    def brought(self) -> bool:
        """Whether listeners bring it themselves, so that two accounts can hold the same."""
        return self not in {Source.SYNTHETIC, Source.TABLE, Source.SPOTIFY_API}


class Part(StrEnum):
    """Part of a library that a fact belongs to."""

    PLAYLISTS = "playlists"
    SAVED = "saved"
    ALBUMS = "albums"
    FOLLOWED = "followed"
    TOP_TRACKS = "top_tracks"
    TOP_ARTISTS = "top_artists"
    RECENT = "recent"
    PLAYS = "plays"


SPOTIFY_PARTS = (
    Part.TOP_ARTISTS,
    Part.TOP_TRACKS,
    Part.RECENT,
    Part.ALBUMS,
    Part.FOLLOWED,
    Part.PLAYLISTS,
    Part.SAVED,
)
"""Parts of a library at Spotify, in the order in which they are read."""


class PartStatus(StrEnum):
    """Outcome of reading one part."""

    OK = "ok"
    EMPTY = "empty"
    DENIED = "denied"
    FAILED = "failed"


MOST_PLAYS = 1e9  # more than a lifetime allows, so an error that would dominate the profile


@dataclass(frozen=True, slots=True)
class Hearing:
    """One fact: an artist or track in one part of the library; "" if unknown.

    Attributes:
        artist_name, track_name, facet_name: as written.
        artist_id, track_id: opaque ids.
        isrc: International Standard Recording Code.
        facet_id: playlist or time range.
        plays: strength, > 0 and at most `MOST_PLAYS` (plays, or a weight derived from a rank).
        heard_at_utc: when played or added.

    Raises:
        ValueError: no artist and no track id, or `plays` out of range.
    """

    part: Part
    artist_name: str = ""
    artist_id: str = ""
    track_name: str = ""
    track_id: str = ""
    isrc: str = ""
    facet_id: str = ""
    facet_name: str = ""
    plays: float = 1.0
    heard_at_utc: datetime | None = None
    release_year: int | None = None

    def __post_init__(self) -> None:
        if not (self.artist_name or self.artist_id or self.track_id):
            raise ValueError("a row needs at least one of track_id, artist_id, artist_name")
        if not (math.isfinite(self.plays) and 0 < self.plays <= MOST_PLAYS):
            raise ValueError(f"plays must be a number above 0, and at most {MOST_PLAYS:g}")


@dataclass(frozen=True, slots=True)
class Listening:
    """Everything read for one listener in one sync.

    Attributes:
        hearings: a tuple, or `Facts` where they may be many.
        artist_tags: tags by canonical artist key, each with a positive weight.
        parts: outcome of each part; parts that were not requested are absent.
        service: which one files came from, such as "Deezer"; "" if unknown, or the source tells it.
        proven: whether it is the listener's own; not if anybody could have typed the name it was read by.
    """

    listener_id: str
    source: Source
    hearings: Sequence[Hearing] = ()
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)
    service: str = ""
    proven: bool = True


def require_trainable(source: Source) -> None:
    """Reject data that must not be used for training.

    Raises:
        UntrainableSource: `source` is the Spotify Web API, whose terms forbid training on its content.
    """
    if not source.trainable:
        raise UntrainableSource("rows from the Spotify Web API must never reach a training set")
