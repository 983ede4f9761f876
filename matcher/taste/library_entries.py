"""What stands in a library, as its owner chooses from it what to leave out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.domain.canonical_keys import artist_of
from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import Library
from matcher.domain.profile import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """An artist, a track, a facet or a period of a library.

    Attributes:
        thing: what to hand to `Tastes.leave_out` and `Tastes.undo`.
        name: as written; empty for a period, for facets that are no playlists, and for opaque ids.
        artist_name: of a track; empty for the others.
        n_items: rows of the library that it covers; 0 when it is no longer in it.
        share: of the strength of the whole library, in [0, 1].
        since_utc: since when it is left out; None when it is not, or only by way of something else.
    """

    thing: Exclusion
    name: str
    artist_name: str
    n_items: int
    share: float
    since_utc: datetime | None = None


_KEYS: Mapping[Kind, Callable[[Row], str]] = {
    Kind.ARTIST: lambda row: row.artist,
    Kind.TRACK: lambda row: row.track,
    Kind.FACET: lambda row: row.facet,
    Kind.PERIOD: lambda row: row.month,
}


def entries_of(library: Library, kind: Kind, since: Mapping[Exclusion, datetime]) -> tuple[Entry, ...]:
    """Everything of a kind that stands in a library: the strongest first, but months in their order.

    Args:
        library: everything that was read.
        kind: artists, tracks, facets, or single months.
        since: what is left out, and since when.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in library.rows:
        rows[_KEYS[kind](row)].append(row)
    things = {Exclusion(kind, value_of(key)): found for key, found in rows.items() if key}
    whole = _strength(library.rows)
    entries = [_entry(library, thing, found, whole, since.get(thing)) for thing, found in things.items()]
    if kind is Kind.PERIOD:
        return tuple(sorted(entries, key=lambda one: one.thing.value))
    return tuple(sorted(entries, key=lambda one: (-one.share, one.thing.value)))


def entry_of(library: Library, thing: Exclusion, since_utc: datetime | None) -> Entry:
    """One thing, as it stands in a library."""
    rows = list(filter(thing.covering(), library.rows))
    return _entry(library, thing, rows, _strength(library.rows), since_utc)


def _entry(
    library: Library, thing: Exclusion, rows: list[Row], whole: float, since_utc: datetime | None
) -> Entry:
    share = _strength(rows) / whole if rows else 0.0
    return Entry(thing, *_names(library, thing, rows), len(rows), share, since_utc)


def _names(library: Library, thing: Exclusion, rows: list[Row]) -> tuple[str, str]:
    """The name of a thing, and of its artist."""
    if not rows or thing.kind is Kind.PERIOD:
        return "", ""
    if thing.kind is Kind.FACET:
        facet_id = rows[0].facet
        return library.facets[facet_id].name if value_of(facet_id) == thing.value else "", ""
    if thing.kind is Kind.ARTIST:
        return library.names.get(rows[0].artist, ""), ""
    track, artist = rows[0].track, rows[0].artist
    return library.names.get(track, ""), library.names.get(artist or artist_of(track), "")


def _strength(rows: Iterable[Row]) -> float:
    return sum(row.plays for row in rows)
