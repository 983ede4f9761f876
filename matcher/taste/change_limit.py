"""Rate limit on changes of taste, shared by all processes.

A listener who changes their taste again and again can read from the match list what others have, artist by
artist. A person tries a few changes; a script tries thousands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matcher.errors import TasteTooSoon
from matcher.ports import Clock, PaceStore

SHORT, LONG = timedelta(minutes=10), timedelta(days=1)
MOST_SHORT, MOST_LONG = 12, 60

Pace = Callable[[str, "Act", str], None]  # counts an act (listener id, kind, subject) or raises TasteTooSoon


class Act(StrEnum):
    """Kind of act; each has limits of its own."""

    CHANGE = "change"  # an exclusion is added or removed
    FACET = "facet"  # Matches are requested for one facet. The same facet counts once a day.


def unpaced(listener_id: str, act: Act, what: str = "") -> None:
    """Apply no limit: for batch jobs and benchmarks."""


@dataclass(frozen=True, slots=True)
class TastePace:
    """Rate limit kept in a store for all processes."""

    store: PaceStore
    clock: Clock
    most_short: int = MOST_SHORT  # acts of a kind in ten minutes
    most_long: int = MOST_LONG  # acts of a kind in a day

    def __call__(self, listener_id: str, act: Act, what: str = "") -> None:
        """Count an act. The same non-empty `what` counts once a day.

        Raises:
            TasteTooSoon: the limit is reached; this act is not counted.
            UnknownListener: there is no such listener.
        """
        limits = ((self.most_short, SHORT), (self.most_long, LONG))
        again_at = self.store.take(listener_id, act, what, self.clock(), limits)
        if again_at is not None:
            raise TasteTooSoon("the taste was changed too often", again_at)
