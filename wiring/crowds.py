"""The crowd of the map, remembered for a minute: it is the same for everybody under one model version."""

from datetime import datetime, timedelta
from threading import Lock

from matcher.atlas import Crowd
from matcher.map import TasteMap
from matcher.ports import Clock
from matcher.vectors import Floats

KEPT_FOR = timedelta(minutes=1)
"""Who hides is gone from the crowd after this long; in it they were one of three, and without a name."""


class RememberedCrowd:
    """Asks for the crowd once a minute and model version. It may be shared between threads."""

    def __init__(self, crowd: Crowd, clock: Clock) -> None:
        self._crowd, self._clock = crowd, clock
        self._known: tuple[str, datetime, Floats] | None = None
        self._lock = Lock()

    def __call__(self, chart: TasteMap, model_version: str) -> Floats:
        """The points, [m, 2] float32; at most a minute old."""
        with self._lock:
            now = self._clock()
            if self._known is None or self._known[0] != model_version or now - self._known[1] >= KEPT_FOR:
                self._known = (model_version, now, self._crowd(chart, model_version))
            return self._known[2]
