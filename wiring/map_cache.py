"""The crowd of the map, remembered for a day: it is the same for everybody under one model version.

Two maps of one day are the same map, so that who comes or goes cannot be told by looking again.
"""

from datetime import UTC, date, datetime, timedelta
from threading import Lock

from matcher.browsing.map_view import Crowd
from matcher.domain.vectors import Floats
from matcher.ports import Clock
from matcher.scoring.taste_map import TasteMap

LOOK_AGAIN = timedelta(minutes=1)
"""Where there are too few to draw, it is looked again after this long."""


class CachedMapPoints:
    """Asks for the crowd once a day (UTC) and model version. It may be shared between threads.

    Who hides is gone from the crowd on the next day; in it they were one of many, and without a name.
    """

    def __init__(self, crowd: Crowd, clock: Clock) -> None:
        self._crowd, self._clock = crowd, clock
        self._known: tuple[str, datetime, Floats] | None = None
        self._lock = Lock()

    def __call__(self, chart: TasteMap, model_version: str) -> Floats:
        """The points, [m, 2] float32; of today."""
        with self._lock:
            now = self._clock()
            if self._known is None or self._known[0] != model_version or self._is_old(now):
                self._known = (model_version, now, self._crowd(chart, model_version))
            return self._known[2]

    def _is_old(self, now: datetime) -> bool:
        if self._known is None:
            return True
        _, since, points = self._known
        return _day(since) != _day(now) or (not len(points) and now - since >= LOOK_AGAIN)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
