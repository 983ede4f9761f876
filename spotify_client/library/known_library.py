"""Content of the last reading of a library, for incremental reading.

Of each moment only the month is kept, and recent plays are kept as monthly counts. So this tells no more
about a listener than the library does, except Spotify's ids, which are needed for audio attributes.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from matcher.domain.listening import Hearing, Part, month_of
from spotify_client.parsing.parse import Row

Key = tuple[Part, str]
"""Part and id (playlist or time range) of a facet; "" if the part has one facet."""

MOST_AGE = timedelta(days=7)
"""Most age of a full reading: Spotify limits how long metadata may be cached."""
_FORMAT = 1
_LOG = logging.getLogger(__name__)


class ReadingStore(Protocol):
    """Stores one reading per listener, as plain JSON."""

    def load(self, listener_id: str) -> Mapping[str, Any] | None:
        """The stored content, or None."""
        ...

    def save(self, listener_id: str, content: Mapping[str, Any]) -> None:
        """Store content, replacing any earlier one.

        Raises:
            UnknownListener: the listener was erased meanwhile.
        """
        ...


@dataclass(frozen=True, slots=True)
class FacetReading:
    """Rows of one list, in Spotify's order, as far as read.

    Attributes:
        stamp: equal stamps mean unchanged rows: a playlist's snapshot id, or when the newest saved track was
            added; "" if the rows must be read again.
        total: number of rows according to Spotify.
        denied: whether Spotify refused access.
    """

    rows: tuple[Row, ...] = ()
    stamp: str = ""
    total: int = 0
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """Content of one reading: facets in reading order, tags by canonical artist key.

    Attributes:
        full_at_utc: time of the last full reading, or None.
    """

    facets: Mapping[Key, FacetReading] = field(default_factory=dict)
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    full_at_utc: datetime | None = None

    def as_of(self, now: datetime) -> "Memory":
        """Without stamps if the last full reading is older than `MOST_AGE`, else the same."""
        if self.full_at_utc is not None and now - self.full_at_utc < MOST_AGE:
            return self
        stale = {key: replace(facet, stamp="") for key, facet in self.facets.items()}
        return Memory(stale, self.artist_tags)


def memory_to_json(memory: Memory) -> dict[str, Any]:
    """JSON-ready lists, dicts, strings and numbers."""
    return {
        "format": _FORMAT,
        "full_at_utc": memory.full_at_utc.isoformat() if memory.full_at_utc else None,
        "facets": [_facet_to_json(key, facet) for key, facet in memory.facets.items()],
        "artist_tags": {artist: dict(tags) for artist, tags in memory.artist_tags.items()},
    }


def recalled(content: Mapping[str, Any] | None) -> Memory:
    """Inverse of `memory_to_json`; empty for None, another format or broken content."""
    if content is None or content.get("format") != _FORMAT:
        return Memory()
    try:
        return _memory(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        _LOG.warning("what the last reading left cannot be read; everything is fetched again")
        return Memory()


def as_counts(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Merge rows that differ only by day; plays are summed, first-seen order is kept."""
    bare = [to_the_month(row) for row in rows if row is not None]
    return tuple(replace(row, plays=row.plays * n) for row, n in Counter(bare).items())


def to_the_month(row: Hearing) -> Hearing:
    """The row with its moment truncated to the first of the month."""
    when = row.heard_at_utc
    month = when and datetime(when.year, when.month, 1, tzinfo=UTC)
    return replace(row, heard_at_utc=month)


def _memory(content: Mapping[str, Any]) -> Memory:
    full_at = content["full_at_utc"]
    return Memory(
        facets={(Part(one["part"]), one["id"]): _facet(one) for one in content["facets"]},
        artist_tags={artist: dict(tags) for artist, tags in content["artist_tags"].items()},
        full_at_utc=datetime.fromisoformat(full_at) if full_at else None,
    )


def _facet_to_json(key: Key, facet: FacetReading) -> dict[str, Any]:
    names = {row.facet_name for row in facet.rows if row is not None}
    return {
        "part": str(key[0]),
        "id": key[1],
        "name": min(names, default=""),
        "stamp": facet.stamp,
        "total": facet.total,
        "denied": facet.denied,
        "rows": [None if row is None else _row_to_json(row) for row in facet.rows],
    }


def _row_to_json(row: Hearing) -> list[Any]:
    track = (row.track_name, row.track_id, row.isrc)
    return [row.artist_name, row.artist_id, *track, row.plays, row.release_year, month_of(row)]


def _facet(content: Mapping[str, Any]) -> FacetReading:
    part, facet_id, name = Part(content["part"]), content["id"], content["name"]
    rows = tuple(None if row is None else _row(part, facet_id, name, row) for row in content["rows"])
    return FacetReading(rows, content["stamp"], content["total"], content["denied"])


def _row(part: Part, facet_id: str, name: str, row: Sequence[Any]) -> Hearing:
    # the oldest stored rows have no month
    artist_name, artist_id, track_name, track_id, isrc, plays, year, *month = row
    return Hearing(
        part=part,
        artist_name=artist_name,
        artist_id=artist_id,
        track_name=track_name,
        track_id=track_id,
        isrc=isrc,
        facet_id=facet_id,
        facet_name=name,
        plays=float(plays),
        heard_at_utc=_moment(*month),
        release_year=year,
    )


def _moment(month: str = "") -> datetime | None:
    return datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC) if month else None
