"""The pace of changes of taste: so many in ten minutes, so many a day, over every process.

Somebody who changes again and again what they ask with reads off the moving list what others have, artist by
artist. A person tries a few things out; a program tries thousands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matcher.errors import TasteTooSoon
from matcher.ports import Clock, PaceStore

SHORT, LONG = timedelta(minutes=10), timedelta(days=1)
MOST_SHORT, MOST_LONG = 12, 60

Pace = Callable[[str, "Act", str], None]
"""Counts an act of a listener on something, and raises TasteTooSoon where it is too soon for it."""


class Act(StrEnum):
    """What is counted, each for itself."""

    CHANGE = "change"
    """Something is left out, or put back."""
    FACET = "facet"
    """A facet is matched on alone. The same one counts once a day."""


def unpaced(listener_id: str, act: Act, what: str = "") -> None:
    """Counts nothing: for files, and for measuring."""


@dataclass(frozen=True, slots=True)
class TastePace:
    """A `Pace` that is kept for every process.

    Attributes:
        store: remembers what was done in the last day.
        clock: the time now.
        most_short: acts of a kind in ten minutes.
        most_long: acts of a kind in a day.
    """

    store: PaceStore
    clock: Clock
    most_short: int = MOST_SHORT
    most_long: int = MOST_LONG

    def __call__(self, listener_id: str, act: Act, what: str = "") -> None:
        """Count an act, with what it is about where one thing counts once.

        Raises:
            TasteTooSoon: there were too many; this one is not counted.
            UnknownListener: there is no such listener.
        """
        limits = ((self.most_short, SHORT), (self.most_long, LONG))
        again_at = self.store.take(listener_id, act, what, self.clock(), limits)
        if again_at is not None:
            raise TasteTooSoon("the taste was changed too often", again_at)
