"""Minimum interval between refreshes of a library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.domain.listening import Source
from matcher.errors import RefreshTooSoon
from matcher.ports import Clock, ListenerStore


@dataclass(frozen=True, slots=True)
class RefreshPace:
    """Minimum interval between two refreshes of one listener, over all processes.

    A refresh that failed does not count. `check` ignores `closed_until`: the reading itself fails during a
    rate limit.
    """

    store: ListenerStore
    interval: timedelta  # zero for none
    clock: Clock
    # end of Spotify's rate limit; None if there is none
    closed_until: Callable[[], datetime | None] = lambda: None
    # when each source of a listener was read last, by origin
    read_times: Callable[[str], Mapping[str, datetime]] = lambda _: {}

    def next_at(self, listener_id: str) -> datetime | None:
        """When the library may be read again; None if now."""
        moments = (self._rested_at(listener_id), self.closed_until())
        return max((one for one in moments if one is not None), default=None)

    def check_sources(self, listener_id: str, *sources: Source) -> None:
        """Check that the interval since these sources were read is over; others may have been read just now.

        Raises:
            RefreshTooSoon: it is not over.
        """
        times = self.read_times(listener_id) if self.interval else {}
        mine = [at for origin, at in times.items() if Source.of_origin(origin) in sources]
        again_at = max(mine, default=self.clock() - self.interval) + self.interval
        if self.clock() < again_at:
            raise RefreshTooSoon("the source was read a moment ago", again_at)

    def _rested_at(self, listener_id: str) -> datetime | None:
        read_at = self.store.synced_at_utc(listener_id) if self.interval else None
        again_at = None if read_at is None else read_at + self.interval
        return again_at if again_at is not None and self.clock() < again_at else None

    def check(self, listener_id: str) -> None:
        """Check that the interval since the last refresh is over.

        Raises:
            RefreshTooSoon: it is not over.
        """
        again_at = self._rested_at(listener_id)
        if again_at is not None:
            raise RefreshTooSoon("the library was read a moment ago", again_at)
