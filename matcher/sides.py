"""The sides of a few tastes, remembered for a while: finding them takes longer than all else on a page."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.facets import TasteFacet

KEPT_FOR = timedelta(minutes=10)
MOST = 128
"""Listeners whose sides are remembered at once."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What a listener can be matched on alone.

    Attributes:
        facets: all that are large enough.
        clusters: keys of the artists of each cluster that was found, the strongest first.
    """

    facets: tuple[TasteFacet, ...]
    clusters: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: str
    since_utc: datetime
    sides: Sides


class SideMemory:
    """Sides by listener, each as of a mark that tells when they would be others.

    It may be shared between threads. Nobody's sides are ever found under another listener's id; those whose
    time is over go as soon as anybody's are kept.

    Args:
        most: listeners at once; of more, those kept first are forgotten.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, listener_id: str, mark: str, now: datetime) -> Sides | None:
        """The listener's sides, if they were kept under this mark less than `KEPT_FOR` ago."""
        with self._lock:
            found = self._kept.get(listener_id)
        if found is None or found.mark != mark or now - found.since_utc >= KEPT_FOR:
            return None
        return found.sides

    def keep(self, listener_id: str, mark: str, sides: Sides, now: datetime) -> None:
        """Remember the listener's sides under a mark, in place of any other of theirs."""
        with self._lock:
            self._kept.pop(listener_id, None)
            self._kept[listener_id] = _Kept(mark, now, sides)
            while len(self._kept) > self._most or now - self._first().since_utc >= KEPT_FOR:
                self._kept.popitem(last=False)

    def forget(self, listener_id: str) -> None:
        """Forget the listener's sides, if any are remembered."""
        with self._lock:
            self._kept.pop(listener_id, None)

    def _first(self) -> _Kept:
        return next(iter(self._kept.values()))
