"""Entries of a library: what its owner can exclude."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from matcher.domain.canonical_keys import artist_of
from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import Library
from matcher.domain.profile import Row
from matcher.domain.weights import noise_in

N_TAGGED = 3  # own artists that are named with the tags that two share


@dataclass(frozen=True, slots=True)
class Entry:
    """An artist, track, facet or period of a library.

    Attributes:
        thing: the argument of `Tastes.leave_out` and `Tastes.undo`.
        name: as written; '' for periods, facets other than playlists, and opaque ids.
        artist_name: of a track; '' for others.
        n_items: library rows it covers; 0 if it is no longer in the library.
        share: of the strength of the whole library, in [0, 1].
        n_hours: of its longest run, if it is noise by how it is played; else 0.
        since_utc: when it was excluded; None if it is not, or only through another exclusion.
    """

    thing: Exclusion
    name: str
    artist_name: str
    n_items: int
    share: float
    since_utc: datetime | None = None
    n_hours: int = 0


_KEYS: Mapping[Kind, Callable[[Row], str]] = {
    Kind.ARTIST: lambda row: row.artist,
    Kind.TRACK: lambda row: row.track,
    Kind.FACET: lambda row: row.facet,
    Kind.PERIOD: lambda row: row.month,
    Kind.DAMPING: lambda row: "",  # no item
}


def entries_of(library: Library, kind: Kind, since: Mapping[Exclusion, datetime]) -> tuple[Entry, ...]:
    """All entries of one kind: strongest first, months in order of time.

    `library` is unfiltered; `since` maps exclusions to the time they were added.
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
    """The entry of one exclusion."""
    rows = list(filter(thing.covering(), library.rows))
    return _entry(library, thing, rows, _strength(library.rows), since_utc)


def _entry(
    library: Library, thing: Exclusion, rows: list[Row], whole: float, since_utc: datetime | None
) -> Entry:
    share = _strength(rows) / whole if rows else 0.0
    return Entry(thing, *_names(library, thing, rows), len(rows), share, since_utc)


def _names(library: Library, thing: Exclusion, rows: list[Row]) -> tuple[str, str]:
    """Name of the entry and name of its artist."""
    if not rows or thing.kind is Kind.PERIOD:
        return "", ""
    if thing.kind is Kind.FACET:
        facet_id = rows[0].facet
        return library.facets[facet_id].name if value_of(facet_id) == thing.value else "", ""
    if thing.kind is Kind.ARTIST:
        return library.names.get(rows[0].artist, ""), ""
    track, artist = rows[0].track, rows[0].artist
    return library.names.get(track, ""), library.names.get(artist or artist_of(track), "")


def noise_of(library: Library, since: Mapping[Exclusion, datetime]) -> tuple[Entry, ...]:
    """Entries of the artists in a library that are no taste, strongest first."""
    hours = {value_of(key): hours for key, hours in library.unbroken.items()}
    values = {*map(value_of, noise_in(library.rows, library.artist_tags)), *hours}
    entries = entries_of(library, Kind.ARTIST, since) if values else ()
    return tuple(
        replace(one, n_hours=hours.get(one.thing.value, 0)) for one in entries if one.thing.value in values
    )


def _strength(rows: Iterable[Row]) -> float:
    return sum(row.plays for row in rows)


def artists_tagged(library: Library, tags: Collection[str]) -> tuple[str, ...]:
    """Names of at most `N_TAGGED` artists with these tags: those that give most of them to the profile."""
    plays: dict[str, float] = defaultdict(float)
    for row in library.rows:
        plays[row.artist] += row.plays
    gifts = {
        artist: math.log1p(plays[artist])
        * math.fsum(known.get(tag, 0.0) for tag in tags)
        / sum(known.values())
        for artist, known in library.artist_tags.items()
        if artist in plays and not known.keys().isdisjoint(tags)
    }
    best = sorted(gifts, key=lambda artist: (-gifts[artist], artist))[:N_TAGGED]
    return tuple(library.names.get(artist, artist) for artist in best)
