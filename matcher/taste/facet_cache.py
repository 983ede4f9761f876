"""Cache of facets: finding them takes longer than the rest of a page."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matcher.taste.artist_vectors import ArtistVectors
from matcher.taste.facets import TasteFacet

KEPT_FOR = timedelta(minutes=10)
MOST = 128  # entries of all listeners; with vectors of 120 artists each, about 16 MB
MOST_EACH = 4  # entries of one listener: after an exclusion is undone, the earlier facets are still cached


@dataclass(frozen=True, slots=True)
class FacetSet:
    """Facets that a listener can be matched on alone."""

    facets: tuple[TasteFacet, ...]  # all that are large enough
    clusters: tuple[frozenset[str], ...]  # artist keys, strongest cluster first
    vectors: ArtistVectors = field(default_factory=ArtistVectors, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    since_utc: datetime
    facets: FacetSet


class FacetCache:
    """Facets by listener and version tag of their taste. Thread-safe.

    The oldest entries are dropped above `most` in all or `most_each` of one listener. Expired entries are
    dropped when one is added.
    """

    def __init__(self, most: int = MOST, most_each: int = MOST_EACH) -> None:
        self._most, self._most_each = most, most_each
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, listener_id: str, mark: str, now: datetime) -> FacetSet | None:
        """The facets under this version tag (`mark`), if younger than `KEPT_FOR`."""
        with self._lock:
            return _fresh(self._kept.get((listener_id, mark)), now)

    def latest(self, listener_id: str, now: datetime) -> FacetSet | None:
        """The listener's newest facets under any tag, if younger than `KEPT_FOR`."""
        with self._lock:
            places = self._of(listener_id)
            return _fresh(self._kept[places[-1]], now) if places else None

    def keep(self, listener_id: str, mark: str, facets: FacetSet, now: datetime) -> None:
        """Add or replace the listener's facets under a version tag."""
        with self._lock:
            self._kept.pop((listener_id, mark), None)
            self._kept[listener_id, mark] = _Kept(now, facets)
            for place in self._of(listener_id)[: -self._most_each]:
                del self._kept[place]
            while len(self._kept) > self._most or now - self._first().since_utc >= KEPT_FOR:
                self._kept.popitem(last=False)

    def forget(self, listener_id: str) -> None:
        """Drop all facets of the listener."""
        with self._lock:
            for place in self._of(listener_id):
                del self._kept[place]

    def _of(self, listener_id: str) -> list[tuple[str, str]]:
        return [place for place in self._kept if place[0] == listener_id]

    def _first(self) -> _Kept:
        return next(iter(self._kept.values()))


def _fresh(found: _Kept | None, now: datetime) -> FacetSet | None:
    return found.facets if found and now - found.since_utc < KEPT_FOR else None
