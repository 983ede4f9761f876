"""State of a running reading, on top of the last one's content."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from matcher.domain.listening import SPOTIFY_PARTS, Hearing, Listening, Part, PartStatus, Source
from matcher.errors import EarshotError, NotAllowListed, OwnerNotPremium, SpotifyForbidden
from spotify_client.library.known_library import FacetReading, Key, Memory, as_counts, to_the_month
from spotify_client.parsing.parse import Row

_TAGGED = frozenset({Part.TOP_ARTISTS, Part.FOLLOWED})
"""Parts whose artists come with their genres."""
_ABOUT_THE_APP = (NotAllowListed, OwnerNotPremium)
"""Errors that concern the app and not the part that was read."""


class ReadingState:
    """Rows by facet, status by part, and content for the next reading.

    A failed or unreached part keeps its known content. A denied part loses it, unless the error concerns the
    whole app. Several threads may read facets at once, each its own.
    """

    def __init__(self, known: Memory) -> None:
        self.errors: list[EarshotError] = []
        self.tags: dict[str, Mapping[str, float]] = {}
        self._known = known
        self._rows: dict[Key, list[Row]] = {}
        self._settled: dict[Key, FacetReading] = {}
        self._lost: set[Key] = set()
        self._parts: dict[Part, PartStatus] = {}
        self._unfinished: set[Part] = set()
        self._reused = False
        self._stopped = False
        self._listed: frozenset[str] | None = None

    # ---- while reading -------------------------------------------------------------------------------

    def known(self, key: Key) -> FacetReading:
        """Known content of a facet; empty and without a stamp if never read."""
        return self._known.facets.get(key, FacetReading())

    def add(self, key: Key, rows: Iterable[Row]) -> None:
        self._rows.setdefault(key, []).extend(rows)

    def settle(self, key: Key, stamp: str = "", total: int = 0) -> None:
        self._settled[key] = FacetReading(tuple(self._rows.get(key, ())), stamp, total)

    def deny(self, key: Key, stamp: str) -> None:
        """Skip and count a playlist that Spotify denied."""
        self._settled[key] = FacetReading(tuple(self._rows.get(key, ())), stamp, denied=True)

    def lose(self, key: Key) -> None:
        """Count a failed playlist; it keeps its known rows, else those read so far."""
        known = self._known.facets.get(key)
        if known is not None:
            self._reused = True
            self._rows[key] = list(known.rows)
        # without a stamp, the next reading reads it again
        self._settled[key] = replace(known or FacetReading(tuple(self._rows.get(key, ()))), stamp="")
        self._lost.add(key)

    def list_playlists(self, playlist_ids: Sequence[str], is_whole: bool = True) -> None:
        """Set the playlists, in order; known others are dropped if the list is complete."""
        self._listed = frozenset(playlist_ids) if is_whole else None
        self._rows.update({(Part.PLAYLISTS, one): [] for one in playlist_ids})

    def reuse(self, key: Key, stamp: str, name: str) -> bool:
        """Reuse the known rows if they have this stamp; return whether they do."""
        known = self.known(key)
        if not stamp or known.stamp != stamp:
            return False
        self._reused = True
        rows = tuple(row and replace(row, facet_name=name) for row in known.rows)
        self._rows[key] = list(rows)
        self._settled[key] = replace(known, rows=rows)
        return True

    def is_unchanged(self, key: Key, stamp: str, total: int) -> bool:
        """Whether stamp, total and the rows read so far are the known ones."""
        known = self.known(key)
        return bool(stamp) and (stamp, total) == (known.stamp, known.total) and self.agrees_with_known(key, 0)

    def agrees_with_known(self, key: Key, n_new: int) -> bool:
        """Whether the rows read after the first `n_new` equal the known ones."""
        read = [_timeless(row) for row in self._rows[key][n_new:]]
        return read == [_timeless(row) for row in self.known(key).rows[: len(read)]]

    def continue_with_known(self, key: Key, n_new: int, most: int) -> None:
        """Append the known rows to the first `n_new`, up to `most` in all."""
        self._reused = True
        self._rows[key] = [*self._rows[key][:n_new], *self.known(key).rows][:most]

    # ---- status of a part ----------------------------------------------------------------------------

    def finish(self, part: Part) -> None:
        """Mark a part as completely read."""
        self._parts[part] = PartStatus.OK if self._has(part) else PartStatus.EMPTY

    def run_out(self, part: Part) -> None:
        """Mark a part as cut off by the budget; read and known rows count."""
        self._unfinished.add(part)
        if any(_hearings(facet) for facet in self._of(part).values()):
            self._parts[part] = PartStatus.OK

    def fail(self, part: Part, error: EarshotError) -> None:
        """Mark a part as failed or denied."""
        denied = isinstance(error, SpotifyForbidden)
        self._parts[part] = PartStatus.DENIED if denied else PartStatus.FAILED
        if not denied or isinstance(error, _ABOUT_THE_APP):
            self._unfinished.add(part)

    def interrupt(self) -> None:
        """Stop early: unfinished parts keep their known content."""
        self._unfinished |= {part for part in SPOTIFY_PARTS if part not in self._parts}
        self._stopped = True

    # ---- at the end ----------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether this reading found nothing; known content does not count."""
        return not any(row is not None for rows in self._rows.values() for row in rows)

    @property
    def n_denied_playlists(self) -> int:
        return sum(facet.denied for facet in tuple(self._settled.values()))

    @property
    def n_lost_playlists(self) -> int:
        """Playlists that could not be read."""
        return len(self._lost)

    @property
    def n_skipped_playlists(self) -> int:
        """Playlists that were denied or could not be read."""
        denied = {key for key, facet in tuple(self._settled.items()) if facet.denied}
        return len(denied | self._lost)

    @property
    def n_skipped_rows(self) -> int:
        """Rows without a track."""
        return sum(row is None for facet in self._facets().values() for row in facet.rows)

    @property
    def parts(self) -> Mapping[Part, PartStatus]:
        return self._parts

    def listening(self, listener_id: str) -> Listening:
        found = [one for facet in self._facets().values() for one in _hearings(facet)]
        return Listening(listener_id, Source.SPOTIFY_API, tuple(found), self._all_tags(), dict(self._parts))

    def memory(self, now: datetime) -> Memory:
        before = self._known.full_at_utc if self._reused or self._stopped else None
        full_at = before or now
        facets = {key: _kept(key, facet) for key, facet in self._facets().items()}
        return Memory(facets, self._all_tags(), full_at)

    def _has(self, part: Part) -> bool:
        return any(row is not None for key, rows in self._rows.items() if key[0] is part for row in rows)

    def _facets(self) -> dict[Key, FacetReading]:
        return {key: facet for part in SPOTIFY_PARTS for key, facet in self._of(part).items()}

    def _of(self, part: Part) -> dict[Key, FacetReading]:
        """Facets of a part: as settled, else as known, else as far as read."""
        known = dict(self._still_known(part)) if part in self._unfinished else {}
        read = {key: FacetReading(tuple(rows)) for key, rows in self._rows.items() if key[0] is part}
        settled = {key: facet for key, facet in self._settled.items() if key[0] is part}
        every = read | known | settled
        return {key: facet for key, facet in every.items() if facet.rows or facet.stamp}

    def _still_known(self, part: Part) -> Iterator[tuple[Key, FacetReading]]:
        for key, facet in self._known.facets.items():
            gone = part is Part.PLAYLISTS and self._listed is not None and key[1] not in self._listed
            if key[0] is part and not gone:
                yield key, facet

    def _all_tags(self) -> dict[str, Mapping[str, float]]:
        known = self._known.artist_tags if _TAGGED & self._unfinished else {}
        return {**known, **self.tags}


def _hearings(facet: FacetReading) -> list[Hearing]:
    return [row for row in facet.rows if row is not None]


def _kept(key: Key, facet: FacetReading) -> FacetReading:
    if key[0] is Part.RECENT:
        return replace(facet, rows=as_counts(facet.rows))
    return replace(facet, rows=tuple(row and to_the_month(row) for row in facet.rows))


def _timeless(row: Row) -> Row:
    return row and replace(row, heard_at_utc=None)
