"""Listening: the raw facts about what somebody hears, as they arrive. Never stored."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from matcher.errors import UntrainableSource


class Source(StrEnum):
    """Where listening came from."""

    SYNTHETIC = "synthetic"
    TABLE = "table"
    SPOTIFY_EXPORT = "spotify_export"
    LISTENBRAINZ = "listenbrainz"
    SPOTIFY_API = "spotify_api"

    @property
    def trainable(self) -> bool:
        """Whether a model may be trained on it. Spotify's terms forbid it for the Web API."""
        return self is not Source.SPOTIFY_API


class Part(StrEnum):
    """Which part of a library a fact belongs to."""

    PLAYLISTS = "playlists"
    SAVED = "saved"
    TOP_TRACKS = "top_tracks"
    TOP_ARTISTS = "top_artists"
    RECENT = "recent"
    PLAYS = "plays"


class PartStatus(StrEnum):
    """What became of reading one part."""

    OK = "ok"
    EMPTY = "empty"
    DENIED = "denied"
    FAILED = "failed"


MOST_PLAYS = 1e9
"""More plays than a life has time for are a mistake, and would drown everything else."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One fact: this artist or track stands in that part of the library.

    Attributes:
        part: the part of the library.
        artist_name: as written; empty if unknown.
        artist_id: opaque id; empty if unknown.
        track_name: title as written; empty if unknown.
        track_id: opaque id; empty if unknown.
        isrc: International Standard Recording Code; empty if unknown.
        facet_id: id of the playlist (or time range) it came from; empty for none.
        facet_name: the playlist's name; empty for none.
        plays: strength, > 0 and at most `MOST_PLAYS` (plays, or a weight derived from a rank).
        heard_at_utc: when it was played or added, if known.
        release_year: year of release, if known.

    Raises:
        ValueError: nothing is named, or `plays` is out of range.
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
    """Everything read about one listener at one time.

    Attributes:
        listener_id: whose listening it is.
        source: where it came from.
        hearings: the facts, in the order in which they were read.
        artist_tags: tags by canonical artist key, each with a positive weight.
        parts: what became of each part; parts that were never asked for are absent.
    """

    listener_id: str
    source: Source
    hearings: tuple[Hearing, ...] = ()
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)


def require_trainable(source: Source) -> None:
    """The guard in front of every training set.

    Raises:
        UntrainableSource: `source` is the Spotify Web API, whose terms forbid training on its content.
    """
    if not source.trainable:
        raise UntrainableSource("rows from the Spotify Web API must never reach a training set")
