"""What a listener leaves out of their taste, and what stays of a library without it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.digests import LONGEST_KEY, digest_key
from matcher.domain.listening import Part
from matcher.domain.profile import Row

_PARTS = frozenset(Part)
_PERIOD = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:\.\.(\d{4}-(?:0[1-9]|1[0-2])))?", re.ASCII)


class Kind(StrEnum):
    """What can be left out."""

    ARTIST = "artist"
    TRACK = "track"
    FACET = "facet"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, order=True)
class Exclusion:
    """One thing that is left out.

    Attributes:
        kind: of which kind it is.
        value: the artist's or track's key as `value_of` gives it; a facet's id, or a part such as
            "top_tracks" for all its facets; a month such as "2025-12", or months such as
            "2025-12..2026-02", both included.

    Raises:
        ValueError: the value is empty, over-long, or no period where it should be one.
    """

    kind: Kind
    value: str

    def __post_init__(self) -> None:
        if not self.value or self.value != value_of(self.value):
            raise ValueError("what is left out needs a value that can be kept")
        if self.kind is Kind.PERIOD:
            self.months  # noqa: B018 - raises where it is none

    @property
    def months(self) -> tuple[str, str]:
        """First and last month of a period.

        Raises:
            ValueError: it is no period.
        """
        found = _PERIOD.fullmatch(self.value)
        if found is None or (found[2] or found[1]) < found[1]:
            raise ValueError("a period is a month such as 2025-12, or two such as 2025-12..2026-02")
        return found[1], found[2] or found[1]

    def covering(self) -> Callable[[Row], bool]:
        """Tells whether a row is left out by this."""
        value, part = self.value, self.value if self.value in _PARTS else None
        if self.kind is Kind.ARTIST:
            return lambda row: value_of(row.artist) == value
        if self.kind is Kind.TRACK:
            return lambda row: value_of(row.track) == value
        if self.kind is Kind.FACET:
            return lambda row: value_of(row.facet) == value or part_of(row) == part
        first, last = self.months
        return lambda row: first <= row.month <= last


def value_of(key: str) -> str:
    """What stands for a key in a choice: itself, or its SHA-256 where it is over-long or not printable."""
    return key if len(key) <= LONGEST_KEY and key.isprintable() else digest_key(key)


_ECHOES: Mapping[Kind, frozenset[str]] = {
    Kind.FACET: frozenset({Part.TOP_TRACKS, Part.TOP_ARTISTS, Part.RECENT, Part.PLAYS}),
    Kind.PERIOD: frozenset({Part.TOP_TRACKS, Part.TOP_ARTISTS}),
}
"""Parts that nobody fills by hand: they follow from what was played, and echo what is left out."""


def stay(rows: Sequence[Row], left_out: Iterable[Exclusion]) -> tuple[Row, ...]:
    """The rows that are not left out, in their order; the order of `left_out` makes no difference.

    Whoever leaves out the playlist they sleep by means its songs, and would still be known by them from the
    list of their top tracks. So what stood in something left out, and stands nowhere else but in lists that
    follow from what was played, goes from those lists as well.
    """
    gone: dict[Kind, set[Row]] = defaultdict(set)
    for rule in left_out:
        gone[rule.kind].update(filter(rule.covering(), rows))
    every = set().union(*gone.values())
    kept = [row for row in rows if row not in every]
    for kind, parts in _ECHOES.items():
        kept = _without_echoes(kept, gone[kind], parts)
    return tuple(kept)


def part_of(row: Row) -> str:
    """The part of the library a row stands in, a value of `Part`."""
    return row.facet.partition(":")[0]


def _without_echoes(kept: list[Row], gone: Iterable[Row], echoes: frozenset[str]) -> list[Row]:
    """Rows without those in the parts `echoes` that only repeat what is gone from other parts."""
    sources = [row for row in gone if part_of(row) not in echoes]
    firm = [row for row in kept if part_of(row) not in echoes]
    tracks = {row.track for row in sources if row.track} - {row.track for row in firm}
    kept = [row for row in kept if part_of(row) not in echoes or row.track not in tracks]
    held = {row.artist for row in kept if row.track or part_of(row) not in echoes}
    artists = {row.artist for row in sources if row.artist} - held
    return [row for row in kept if row.track or part_of(row) not in echoes or row.artist not in artists]
