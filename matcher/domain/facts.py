"""Facts of a listening in little memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from matcher.domain.listening import Hearing, Part

FIRST_MONTH, LAST_MONTH = 1970 * 12, 2106 * 12
"""Months are numbered as 12 · year + month, from 0 on; plays are of these, the last one excluded."""


class TrackNames(NamedTuple):
    """A track as written; "" if unknown."""

    artist: str
    title: str
    track_id: str


class Facts(Sequence[Hearing]):
    """Plays by track and month as columns, then other facts as they are.

    Five million plays are more than a million facts: as objects they took ten times the memory.

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
