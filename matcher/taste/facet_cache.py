"""The sides of a few tastes, remembered for a while: finding them takes longer than all else on a page."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matcher.taste.artist_vectors import ArtistVectors
from matcher.taste.facets import TasteFacet

KEPT_FOR = timedelta(minutes=10)
MOST = 128
"""FacetSet that are remembered at once, of all listeners: with vectors of 120 artists each, some 16 MB."""
MOST_EACH = 4
"""Of one listener: whoever leaves something out and takes it back in finds the sides from before."""


@dataclass(frozen=True, slots=True)
class FacetSet:
    """What a listener can be matched on alone.

    Attributes:
        facets: all that are large enough.
        clusters: keys of the artists of each cluster that was found, the strongest first.
        vectors: of the artists, to find the next sides with.
    """

    facets: tuple[TasteFacet, ...]
    clusters: tuple[frozenset[str], ...]
    vectors: ArtistVectors = field(default_factory=ArtistVectors, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    since_utc: datetime
    sides: FacetSet


class FacetCache:
    """FacetSet by listener and by a mark of the taste they are of.

    It may be shared between threads. Nobody's sides are ever found under another listener's id; those whose
    time is over go as soon as anybody's are kept.

    Args:
        most: sides at once; of more, those kept first are forgotten.
        most_each: likewise of one listener.
    """

    def __init__(self, most: int = MOST, most_each: int = MOST_EACH) -> None:
        self._most, self._most_each = most, most_each
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, listener_id: str, mark: str, now: datetime) -> FacetSet | None:
        """The listener's sides, if they were kept under this mark less than `KEPT_FOR` ago."""
        with self._lock:
            return _fresh(self._kept.get((listener_id, mark)), now)

    def latest(self, listener_id: str, now: datetime) -> FacetSet | None:
        """The listener's sides that were kept last, less than `KEPT_FOR` ago: perhaps of another taste."""
        with self._lock:
            places = self._of(listener_id)
            return _fresh(self._kept[places[-1]], now) if places else None

    def keep(self, listener_id: str, mark: str, sides: FacetSet, now: datetime) -> None:
        """Remember the listener's sides under a mark, in place of those that were kept under it."""
        with self._lock:
            self._kept.pop((listener_id, mark), None)
            self._kept[listener_id, mark] = _Kept(now, sides)
            for place in self._of(listener_id)[: -self._most_each]:
                del self._kept[place]
            while len(self._kept) > self._most or now - self._first().since_utc >= KEPT_FOR:
                self._kept.popitem(last=False)

    def forget(self, listener_id: str) -> None:
        """Forget all sides of the listener, if any are remembered."""
        with self._lock:
            for place in self._of(listener_id):
                del self._kept[place]

    def _of(self, listener_id: str) -> list[tuple[str, str]]:
        return [place for place in self._kept if place[0] == listener_id]

    def _first(self) -> _Kept:
        return next(iter(self._kept.values()))


def _fresh(found: _Kept | None, now: datetime) -> FacetSet | None:
    return found.sides if found and now - found.since_utc < KEPT_FOR else None
