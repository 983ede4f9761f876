"""Merges the libraries of several sources of one listener."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from matcher.domain.library import Library
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.names.spelling import normalise
from matcher.domain.profile import Facet, Row
from matcher.ports import KeptSource

_Value = TypeVar("_Value")

_LEAST_PLAYS = 1e-6  # smaller differences of sums are of rounding
_BEST_FIRST = (PartStatus.OK, PartStatus.DENIED, PartStatus.FAILED, PartStatus.EMPTY)


def whole_of(sources: Sequence[KeptSource]) -> Library | None:
    """The library of all sources; None as soon as one has expired: the rest would be another taste."""
    found = [one.library for one in sources if one.library is not None]
    return merged(found) if len(found) == len(sources) else None


def merged(libraries: Iterable[Library]) -> Library | None:
    """One library of several; None of none. The order does not matter.

    Two services tell of the same plays, so counts are not added: of each item and month the larger one
    counts, and plays without a month only as far as they are more than those with one. Playlists of one name
    are one. With anything of Spotify's Web API in it, the whole is of that source, so that no model is
    trained on it; else it is of the source with most rows.
    """
    found = sorted(libraries, key=lambda one: one.origin)
    if len(found) < 2:
        return found[0] if found else None
    both = list(zip(found, _facet_ids(found), strict=True))
    rows = [[replace(row, facet=new[row.facet]) for row in one.rows] for one, new in both]
    facets = {new[key]: facet for one, new in reversed(both) for key, facet in one.facets.items()}
    return Library(
        listener_id=found[0].listener_id,
        source=_source_of(found),
        rows=tuple(sorted([*_plays(rows), *_others(rows)], key=_place)),
        facets=facets,
        names=_first([one.names for one in found]),
        artist_tags=_first([one.artist_tags for one in found]),
        attributes=_first([one.attributes for one in found]),
        parts=_parts(found),
        unbroken=_first([one.unbroken for one in found]),
    )


def _source_of(libraries: Sequence[Library]) -> Source:
    sources = [one.source for one in libraries]
    if untrainable := [one for one in sources if not one.trainable]:
        return untrainable[0]
    return max(libraries, key=lambda one: (len(one.rows), one.origin)).source


def _facet_ids(libraries: Sequence[Library]) -> list[dict[str, str]]:
    """New facet ids by old ones: facets of one part and name are one facet."""
    firsts: dict[tuple[Part, str], str] = {}
    return [
        {key: firsts.setdefault(_same_as(key, facet), key) for key, facet in one.facets.items()}
        for one in libraries
    ]


def _same_as(key: str, facet: Facet) -> tuple[Part, str]:
    name = normalise(facet.name)
    return facet.part, name or key


def _is_plays(row: Row) -> bool:
    return row.facet.partition(":")[0] == Part.PLAYS


def _plays(libraries: Sequence[Sequence[Row]]) -> list[Row]:
    """Plays of each item by month; then those of artists in no known track."""
    tracks: dict[tuple[str, str, str], list[list[Row]]] = defaultdict(list)
    bare: dict[tuple[str, str], list[list[Row]]] = defaultdict(list)
    heard: list[dict[tuple[str, str], float]] = []
    for rows in libraries:
        of_tracks, of_artists = defaultdict(list), defaultdict(list)
        total: dict[tuple[str, str], float] = defaultdict(float)
        for row in filter(_is_plays, rows):
            total[row.artist, row.facet] += row.plays
            if row.track:
                of_tracks[row.artist, row.track, row.facet].append(row)
            else:
                of_artists[row.artist, row.facet].append(row)
        heard.append(total)
        for key, one in of_tracks.items():
            tracks[key].append(one)
        for artist, one in of_artists.items():
            bare[artist].append(one)
    found = [row for sources in tracks.values() for row in _larger(sources)]
    in_tracks: dict[tuple[str, str], float] = defaultdict(float)
    for row in found:
        in_tracks[row.artist, row.facet] += row.plays
    for artist, sources in bare.items():
        most = max(total.get(artist, 0.0) for total in heard)
        found += _at_most(_larger(sources), most - in_tracks.get(artist, 0.0))
    return found


def _larger(sources: Sequence[Sequence[Row]]) -> list[Row]:
    """Rows of one item: of each month the larger one, and what any source has beyond them without a month."""
    if len(sources) == 1:
        return list(sources[0])
    by_month: dict[str, Row] = {}
    for row in (row for rows in sources for row in rows):
        before = by_month.get(row.month)
        by_month[row.month] = row if before is None else _union(row, before)
    undated = by_month.pop("", None)
    if undated is None:
        return list(by_month.values())
    most = max(math.fsum(row.plays for row in rows) for rows in sources)
    rest = most - math.fsum(row.plays for row in by_month.values())
    return [*by_month.values(), *([replace(undated, plays=rest)] if rest > _LEAST_PLAYS else [])]


def _at_most(rows: Sequence[Row], n_plays: float) -> list[Row]:
    """The rows, weakened to a total of so many plays."""
    total = math.fsum(row.plays for row in rows)
    if total <= n_plays + _LEAST_PLAYS:
        return list(rows)
    return [replace(row, plays=row.plays * n_plays / total) for row in rows] if n_plays > _LEAST_PLAYS else []


def _others(libraries: Sequence[Sequence[Row]]) -> list[Row]:
    """Rows that are not of plays: of each item in a facet, those of the library with the larger sum."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for rows in libraries:
        mine: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if not _is_plays(row):
                mine[row.artist, row.track, row.facet].append(row)
        for key, these in mine.items():
            if _strength(these) > _strength(found.get(key, [])):
                found[key] = these
    return [row for rows in found.values() for row in rows]


def _union(one: Row, other: Row) -> Row:
    decades = [row.decade for row in (one, other) if row.decade is not None]
    return replace(one, plays=max(one.plays, other.plays), decade=min(decades, default=None))


def _strength(rows: Sequence[Row]) -> float:
    return math.fsum(row.plays for row in rows)


def _place(row: Row) -> tuple[str, str, str, str]:
    return row.artist, row.track, row.facet, row.month


def _first(maps: Sequence[Mapping[str, _Value]]) -> dict[str, _Value]:
    """All keys, each with its first value."""
    return {key: value for one in reversed(maps) for key, value in one.items()}


def _parts(libraries: Sequence[Library]) -> dict[Part, PartStatus]:
    found: dict[Part, PartStatus] = {}
    for one in libraries:
        for part, status in one.parts.items():
            found[part] = min(status, found.get(part, status), key=_BEST_FIRST.index)
    return found
