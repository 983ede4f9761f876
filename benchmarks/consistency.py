"""Consistency checker: no listener is shown after a call that hid them returned.

The checker does not query the database. A change counts from the moment its call returned, until the call
that undoes it began. A look that began and ended between these moments must respect the change.
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
class ShownMatches:
    """One look at the matches: viewer, begin and end of the call, ids shown."""

    viewer: str
    began_s: float
    ended_s: float
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A listener who was shown against a rule, and how long the rule had applied."""

    rule: str
    viewer: str
    shown: str
    known_for_s: float


@dataclass(frozen=True, slots=True)
class AcknowledgedRefresh:
    """A refresh that returned: mark of its library, begin and end of the call."""

    mark: str
    began_s: float
    ended_s: float


@dataclass
class ConsistencyChecker:
    """Acknowledged changes and looks. Thread-safe.

    Attributes:
        now: seconds of a monotonic clock.
        looks: all looks that returned.
        refreshes: refreshes that returned, by listener.
    """

    now: Now = time.monotonic
    looks: list[ShownMatches] = field(default_factory=list)
    refreshes: dict[str, list[AcknowledgedRefresh]] = field(default_factory=lambda: defaultdict(list))
    _spans: dict[Hashable, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _open: dict[Hashable, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def hiding(self, *rule: str) -> Iterator[None]:
        """Around a call that hides a listener: the rule applies once it has returned."""
        yield
        with self._lock:
            self._open.setdefault(rule, self.now())

    @contextmanager
    def showing(self, *rule: str) -> Iterator[None]:
        """Around a call that undoes it: the rule ends when the call begins."""
        with self._lock:
            began_s = self._open.pop(rule, None)
            if began_s is not None:
                self._spans[rule].append((began_s, self.now()))
        yield

    def add_look(self, look: ShownMatches) -> None:
        """Add a look."""
        with self._lock:
            self.looks.append(look)

    def add_refresh(self, listener: str, refresh: AcknowledgedRefresh) -> None:
        """Add a refresh."""
        with self._lock:
            self.refreshes[listener].append(refresh)

    def is_hidden(self, *rule: str) -> bool:
        """Whether a rule applies now."""
        with self._lock:
            return rule in self._open

    def violations(self) -> list[Violation]:
        """Looks that showed a listener against a rule that applied during the whole call."""
        with self._lock:
            spans = {rule: [*self._spans[rule]] for rule in {*self._spans}}
            for rule, began_s in self._open.items():
                spans.setdefault(rule, []).append((began_s, inf))
        return [violation for look in self.looks for violation in _violations_of(look, spans)]

    def acceptable(self, listener: str) -> set[str]:
        """Marks of the libraries that may be stored at the end.

        Of consecutive refreshes only the last; of concurrent ones any.
        """
        refreshes = self.refreshes[listener]
        latest_s = max((refresh.began_s for refresh in refreshes), default=-inf)
        return {refresh.mark for refresh in refreshes if refresh.ended_s >= latest_s}


def _violations_of(
    look: ShownMatches, spans: Mapping[Hashable, Sequence[tuple[float, float]]]
) -> Iterator[Violation]:
    for shown in look.shown:
        pair = sorted((look.viewer, shown))
        for rule in (("hidden", shown), ("erased", shown), ("erased", look.viewer), ("blocked", *pair)):
            for began_s, ended_s in spans.get(rule, ()):
                if began_s <= look.began_s and look.ended_s <= ended_s:
                    yield Violation(rule[0], look.viewer, shown, look.began_s - began_s)
