"""What a soak sees from outside: what was acknowledged when, and which looks should not have shown whom.

Nothing here asks the database. A change counts from the moment the call that made it came back, and no longer
from the moment the call that undoes it began; in between, no call that began later may show the opposite.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf

Now = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the matches: who looked, when the call began and came back, and whom it showed."""

    viewer: str
    began_s: float
    ended_s: float
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """Somebody was shown who should not have been: by which rule, to whom, and for how long it was known."""

    rule: str
    viewer: str
    shown: str
    known_for_s: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One refresh that came back: which library it read, and when it began and ended."""

    mark: str
    began_s: float
    ended_s: float


@dataclass
class Record:
    """What was acknowledged, by whom it was seen. Safe to share between threads.

    Attributes:
        looks: every look that came back.
        readings: refreshes that came back, by listener.
    """

    now: Now = time.monotonic
    looks: list[Seen] = field(default_factory=list)
    readings: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    _spans: dict[Hashable, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _open: dict[Hashable, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def out_of_sight(self, *rule: str) -> Iterator[None]:
        """Round a call that puts somebody out of sight: it counts once the call has come back."""
        yield
        with self._lock:
            self._open.setdefault(rule, self.now())

    @contextmanager
    def in_sight(self, *rule: str) -> Iterator[None]:
        """Round a call that undoes it: from its beginning on nothing is claimed."""
        with self._lock:
            began_s = self._open.pop(rule, None)
            if began_s is not None:
                self._spans[rule].append((began_s, self.now()))
        yield

    def saw(self, look: Seen) -> None:
        """Keep a look."""
        with self._lock:
            self.looks.append(look)

    def read(self, listener: str, reading: Reading) -> None:
        """Keep a refresh."""
        with self._lock:
            self.readings[listener].append(reading)

    def is_out_of_sight(self, *rule: str) -> bool:
        """Whether a rule holds now."""
        with self._lock:
            return rule in self._open

    def violations(self) -> list[Violation]:
        """Every look that showed somebody against a rule that held for the whole of the call."""
        with self._lock:
            spans = {rule: [*self._spans[rule]] for rule in {*self._spans}}
            for rule, began_s in self._open.items():
                spans.setdefault(rule, []).append((began_s, inf))
        return [one for look in self.looks for one in _against(look, spans)]

    def acceptable(self, listener: str) -> set[str]:
        """The libraries that may be what is kept of a listener in the end.

        Of refreshes that ran one after the other only the last one's; of those that ran at once any.
        """
        done = self.readings[listener]
        latest_s = max((one.began_s for one in done), default=-inf)
        return {one.mark for one in done if one.ended_s >= latest_s}


def _against(look: Seen, spans: Mapping[Hashable, Sequence[tuple[float, float]]]) -> Iterator[Violation]:
    for shown in look.shown:
        pair = sorted((look.viewer, shown))
        for rule in (("hidden", shown), ("erased", shown), ("erased", look.viewer), ("blocked", *pair)):
            for began_s, ended_s in spans.get(rule, ()):
                if began_s <= look.began_s and look.ended_s <= ended_s:
                    yield Violation(rule[0], look.viewer, shown, look.began_s - began_s)
