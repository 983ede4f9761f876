"""Listening: the raw facts as they arrive. Never stored."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

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


FIRST_MONTH, LAST_MONTH = 1970 * 12, 2106 * 12
"""Months are numbered as 12 · year + month, from 0 on; plays are of these, the last one excluded."""


class TrackNames(NamedTuple):
    """A track as written; "" if unknown."""

    artist: str
    title: str
    track_id: str = ""


class Facts(Sequence[Hearing]):
    """Plays by track and month as columns, then other facts as they are.

    Five million plays may be more than a million facts, of 16 bytes each; as objects they are 144.

    Args:
        tracks: the tracks played; each names an artist or has an id.
        places: indices of `tracks`, ascending.
        months: number of the month, as `FIRST_MONTH` says.
        plays: strengths, as in `Hearing`.
        rest: all other facts.
    """

    def __init__(
        self,
        tracks: Sequence[TrackNames] = (),
        places: NDArray[np.int32] | None = None,
        months: NDArray[np.int32] | None = None,
        plays: NDArray[np.float64] | None = None,
        rest: Sequence[Hearing] = (),
    ) -> None:
        self.tracks = tracks
        self.places = np.zeros(0, np.int32) if places is None else places
        self.months = np.zeros(0, np.int32) if months is None else months
        self.plays = np.zeros(0) if plays is None else plays
        self.rest = tuple(rest)

    def __len__(self) -> int:
        return len(self.places) + len(self.rest)

    @overload
    def __getitem__(self, index: int) -> Hearing: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hearing, ...]: ...
    def __getitem__(self, index: int | slice) -> Hearing | tuple[Hearing, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        if place >= len(self.places):
            return self.rest[place - len(self.places)]
        return _fact(self.tracks[self.places[place]], int(self.months[place]), float(self.plays[place]))

    def __iter__(self) -> Iterator[Hearing]:
        for track, months, plays in self.by_track():
            for month, n in zip(months.tolist(), plays.tolist(), strict=True):
                yield _fact(track, month, n)
        yield from self.rest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Facts({len(self):,} facts)"

    def by_track(self) -> Iterator[tuple[TrackNames, NDArray[np.int32], NDArray[np.float64]]]:
        """Each track played, with the months and the plays in each."""
        starts = np.flatnonzero(np.diff(self.places, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(self.places)]):
            yield self.tracks[self.places[start]], self.months[start:end], self.plays[start:end]

    def totals(self) -> Iterator[Hearing]:
        """A fact for each track played, without a month."""
        for track, _, plays in self.by_track():
            yield _fact(track, None, float(plays.sum()))

    def parts(self) -> tuple[Part, ...]:
        """Parts that have facts, each once."""
        of_plays = [Part.PLAYS] if len(self.places) else []
        return tuple(dict.fromkeys([*of_plays, *(one.part for one in self.rest)]))

    def where(self, holds: Callable[[Hearing], bool]) -> "Facts":
        """Those whose track as a fact without a month holds, and of the rest those that do."""
        keeps = np.array([holds(_fact(track, None, 1.0)) for track in self.tracks], bool)
        rest = tuple(filter(holds, self.rest))
        if keeps.all():  # without a copy, as they may be many
            return Facts(self.tracks, self.places, self.months, self.plays, rest)
        kept = keeps[self.places]
        return Facts(self.tracks, self.places[kept], self.months[kept], self.plays[kept], rest)

    def plus(self, more: Sequence[Hearing]) -> "Facts":
        """These, and others after them."""
        return Facts(self.tracks, self.places, self.months, self.plays, (*self.rest, *more))


Monthly = Iterable[tuple[str, float]]
"""Strength by month such as "2026-03", which is "" if unknown; may be gone through more than once."""


@dataclass(frozen=True, slots=True)
class _Months:
    """Months of a track, as texts only while they are gone through."""

    months: NDArray[np.int32]
    plays: NDArray[np.float64]

    def __iter__(self) -> Iterator[tuple[str, float]]:
        return zip(map(_text_of, self.months.tolist()), self.plays.tolist(), strict=True)


def by_month(hearings: Sequence[Hearing]) -> Iterator[tuple[Hearing, Monthly]]:
    """Facts by month, in order; those of one track's plays together where they are columns."""
    rest = hearings
    if isinstance(hearings, Facts):
        rest = hearings.rest
        for track, months, plays in hearings.by_track():
            yield _fact(track, None, 1.0), _Months(months, plays)
    for one in rest:
        yield one, [(month_of(one), one.plays)]


def once_each(hearings: Sequence[Hearing]) -> Sequence[Hearing]:
    """Facts with all plays of a track as one, where they are columns: for what asks about items alone."""
    return (*hearings.totals(), *hearings.rest) if isinstance(hearings, Facts) else hearings


def month_of(hearing: Hearing) -> str:
    """Month of a fact, such as "2026-03"; empty if unknown."""
    when = hearing.heard_at_utc
    return _text_of(12 * when.year + when.month - 1) if when else ""


@lru_cache(maxsize=10_000)
def _text_of(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _fact(track: TrackNames, month: int | None, plays: float) -> Hearing:
    return Hearing(
        Part.PLAYS,
        track.artist,
        track_name=track.title,
        track_id=track.track_id,
        plays=plays,
        heard_at_utc=None if month is None else _start_of(month),
    )


@lru_cache(maxsize=LAST_MONTH - FIRST_MONTH)
def _start_of(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listening:
    """Everything read for one listener in one sync.

    Attributes:
        hearings: a tuple, or `Facts` where they may be many.
        artist_tags: tags by canonical artist key, each with a positive weight.
        parts: outcome of each part; parts that were not requested are absent.
        service: which one files came from, such as "Deezer"; "" if unknown, or the source tells it.
        unbroken: hours of the longest run, by canonical key, of artists that are played on end
            (`matcher/domain/noise/unbroken.py`).
        proven: whether it is the listener's own; not if anybody could have typed the name it was read by.
    """

    listener_id: str
    source: Source
    hearings: Sequence[Hearing] = ()
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)
    service: str = ""
    proven: bool = True
    unbroken: Mapping[str, int] = field(default_factory=dict)


def require_trainable(source: Source) -> None:
    """Reject data that must not be used for training.

    Raises:
        UntrainableSource: `source` is the Spotify Web API, whose terms forbid training on its content.
    """
    if not source.trainable:
        raise UntrainableSource("rows from the Spotify Web API must never reach a training set")
