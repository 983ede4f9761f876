"""How often a library may be read again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.errors import RefreshTooSoon
from matcher.ports import Clock, ListenerStore


@dataclass(frozen=True, slots=True)
class RefreshPace:
    """Keeps an interval between two readings of one listener's library, over every process.

    A reading that failed does not count: it may be tried again at once. While Spotify allows no calls,
    nothing is read, and the page says until when; the reading itself refuses who asks all the same.

    Attributes:
        store: knows when a library was last read.
        interval: between two readings; none where it is zero.
        clock: the time now.
        closed_until: until when Spotify allows no calls at all; None where it does.
    """

    store: ListenerStore
    interval: timedelta
    clock: Clock
    closed_until: Callable[[], datetime | None] = lambda: None

    def next_at(self, listener_id: str) -> datetime | None:
        """When the library may be read again, None if it may be read now."""
        moments = (self._rested_at(listener_id), self.closed_until())
        return max((one for one in moments if one is not None), default=None)

    def _rested_at(self, listener_id: str) -> datetime | None:
        read_at = self.store.synced_at_utc(listener_id) if self.interval else None
        again_at = None if read_at is None else read_at + self.interval
        return again_at if again_at is not None and self.clock() < again_at else None

    def check(self, listener_id: str) -> None:
        """Make sure that the library may be read now.

        Raises:
            RefreshTooSoon: it was read a moment ago.
        """
        again_at = self._rested_at(listener_id)
        if again_at is not None:
            raise RefreshTooSoon("the library was read a moment ago", again_at)
