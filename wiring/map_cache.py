"""Daily cache of the map's background points.

They change once a day, so that nobody can see on the map who came or left.
"""

from datetime import UTC, date, datetime, timedelta
from threading import Lock

from matcher.browsing.map_view import Crowd
from matcher.domain.vectors import Floats
from matcher.ports import Clock
from matcher.scoring.taste_map import TasteMap

LOOK_AGAIN = timedelta(minutes=1)  # wait before the next query if there were too few points to draw


class CachedMapPoints:
    """Background points, queried once per day (UTC) and model version. Thread-safe.

    A listener who hides is dropped the next day; points have no names.
    """

    def __init__(self, crowd: Crowd, clock: Clock) -> None:
        self._crowd, self._clock = crowd, clock
        self._known: tuple[str, datetime, Floats] | None = None
        self._lock = Lock()

    def __call__(self, chart: TasteMap, model_version: str) -> Floats:
        """Today's points, [m, 2] float32."""
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
