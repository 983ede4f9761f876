"""Daily cache of what is counted over everybody who can be found.

Such figures change once a day, so that nobody can see from them who came or left.
"""

from collections.abc import Callable, Sized
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

from matcher.ports import Clock

LOOK_AGAIN = timedelta(minutes=1)  # wait before the next query if there were too few to count

Arguments = ParamSpec("Arguments")
Counted = TypeVar("Counted", bound=Sized)


class DailyCache(Generic[Arguments, Counted]):
    """A query's answer, asked for once per day (UTC) and model version. Thread-safe.

    The query's last argument is the model version. A listener who hides is dropped the next day.
    """

    def __init__(self, query: Callable[Arguments, Counted], clock: Clock) -> None:
        self._query, self._clock = query, clock
        self._known: tuple[object, datetime, Counted] | None = None
        self._lock = Lock()

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Counted:
        """Today's answer; an empty one is asked for again after `LOOK_AGAIN`."""
        version = args[-1]
        with self._lock:
            now = self._clock()
            if self._known is None or self._known[0] != version or self._is_old(now):
                self._known = (version, now, self._query(*args, **kwargs))
            return self._known[2]

    def _is_old(self, now: datetime) -> bool:
        if self._known is None:
            return True
        _, since, counted = self._known
        return _day(since) != _day(now) or (not len(counted) and now - since >= LOOK_AGAIN)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
