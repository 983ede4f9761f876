"""Exclusions: rules that remove items from a listener's taste."""

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
    """Kinds of exclusions."""

    ARTIST = "artist"
    TRACK = "track"
    FACET = "facet"
    PERIOD = "period"
    DAMPING = "damping"  # not items, but that noise counts less


@dataclass(frozen=True, slots=True, order=True)
class Exclusion:
    """One exclusion rule.

    Attributes:
        value: the artist's or track's key as in `value_of`; a facet's id, or a part such as "top_tracks" for
            all its facets; a month such as "2025-12", or a range such as "2025-12..2026-02", inclusive; of
            damping "noise".

    Raises:
        ValueError: the value is empty, over-long, or not a valid period.
    """

    kind: Kind
    value: str

    def __post_init__(self) -> None:
        if not self.value or self.value != value_of(self.value):
            raise ValueError("what is left out needs a value that can be kept")
        if self.kind is Kind.PERIOD:
            self.months  # noqa: B018 - raises if it is not a period

    @property
    def months(self) -> tuple[str, str]:
        """First and last month of a period.

        Raises:
            ValueError: not a period.
        """
        found = _PERIOD.fullmatch(self.value)
        if found is None or (found[2] or found[1]) < found[1]:
            raise ValueError("a period is a month such as 2025-12, or two such as 2025-12..2026-02")
        return found[1], found[2] or found[1]

    def covering(self) -> Callable[[Row], bool]:
        """Return a test whether a row is excluded by this rule."""
        value, part = self.value, self.value if self.value in _PARTS else None
        if self.kind is Kind.ARTIST:
            return lambda row: value_of(row.artist) == value
        if self.kind is Kind.TRACK:
            return lambda row: value_of(row.track) == value
        if self.kind is Kind.FACET:
            return lambda row: value_of(row.facet) == value or part_of(row) == part
        if self.kind is Kind.DAMPING:
            return lambda row: False
        first, last = self.months
        return lambda row: first <= row.month <= last


def value_of(key: str) -> str:
    """The key itself, or its SHA-256 if it is over-long or not printable."""
    return key if len(key) <= LONGEST_KEY and key.isprintable() else digest_key(key)


NOISE_COUNTS = Exclusion(Kind.DAMPING, "noise")
"""By it, noise counts as everything else does (`matcher/domain/weights.py`)."""

_ECHOES: Mapping[Kind, frozenset[str]] = {
    Kind.FACET: frozenset({Part.TOP_TRACKS, Part.TOP_ARTISTS, Part.RECENT, Part.PLAYS}),
    Kind.PERIOD: frozenset({Part.TOP_TRACKS, Part.TOP_ARTISTS}),
}
"""Parts derived from plays, which would repeat what is excluded elsewhere."""


def stay(rows: Sequence[Row], exclusions: Iterable[Exclusion]) -> tuple[Row, ...]:
    """Rows that remain after exclusions, in order; the order of rules has no effect.

    Items that remain only in parts derived from plays are removed from those too.
    """
    gone: dict[Kind, set[Row]] = defaultdict(set)
    for rule in exclusions:
        gone[rule.kind].update(filter(rule.covering(), rows))
    every = set().union(*gone.values())
    kept = [row for row in rows if row not in every]
    # someone who excludes a sleep playlist means its songs, which lists derived from plays, such as top
    # tracks, contain too
    for kind, parts in _ECHOES.items():
        kept = _without_echoes(kept, gone[kind], parts)
    return tuple(kept)


def part_of(row: Row) -> str:
    """Part of the library that a row belongs to, a value of `Part`."""
    return row.facet.partition(":")[0]


def _without_echoes(kept: list[Row], gone: Iterable[Row], echoes: frozenset[str]) -> list[Row]:
    """Drop rows in the parts `echoes` that only repeat excluded rows of other parts."""
    sources = [row for row in gone if part_of(row) not in echoes]
    firm = [row for row in kept if part_of(row) not in echoes]
    tracks = {row.track for row in sources if row.track} - {row.track for row in firm}
    kept = [row for row in kept if part_of(row) not in echoes or row.track not in tracks]
    held = {row.artist for row in kept if row.track or part_of(row) not in echoes}
    artists = {row.artist for row in sources if row.artist} - held
    return [row for row in kept if row.track or part_of(row) not in echoes or row.artist not in artists]
