"""Load simulation: concurrent actions of listeners on a real database."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from benchmarks.consistency import AcknowledgedRefresh, ConsistencyChecker, ShownMatches
from benchmarks.small_model import MarkedLibrary
from matcher.browsing.feedback import FeedbackAction, FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.errors import EarshotError, NoCandidates, NotSynced, RequestDeclined, UnknownListener
from matcher.matching.service import MatchingService
from matcher.people.service import People
from matcher.ports import Account

SHOWN = 20


@dataclass
class Outcome:
    """Number of actions by name, and of unexpected errors by class and cause."""

    done: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


@dataclass
class LoadSimulation:
    """Simulated listeners and their actions.

    Attributes:
        service, people, feedback, history: the use cases.
        purge: deletes expired rows.
        checker: gets all changes and looks.
        outcome: counts.
        erased: ids of erased listeners.
    """

    service: MatchingService
    people: People
    feedback: FeedbackLog
    history: MatchHistory
    purge: Callable[[], object]
    checker: ConsistencyChecker = field(default_factory=ConsistencyChecker)
    outcome: Outcome = field(default_factory=Outcome)
    erased: set[str] = field(default_factory=set)
    _living: list[str] = field(default_factory=list)
    _last_shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _blocks: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    _busy: set[object] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=count)

    def live(self, rng: random.Random, until_s: float) -> None:
        """Do random actions until `until_s`."""
        actions = dict(self._actions())
        names, weights = list(actions), [weight for _, weight in actions.values()]
        while time.monotonic() < until_s:
            name = rng.choices(names, weights)[0]
            self._try(name, lambda name=name: actions[name][0](rng))  # type: ignore[misc]

    def join(self, _: random.Random | None = None) -> None:
        """A new listener signs in, refreshes, and becomes discoverable."""
        account = Account(f"simulation:{self._next()}")
        listener = self.service.connect_listener(account).listener_id
        with self.checker.hiding("hidden", listener):
            pass  # a new listener is not discoverable
        self._read(listener)
        with self.checker.showing("hidden", listener):
            self.people.choose_discoverable(listener, True)
        with self._lock:
            self._living.append(listener)

    def _actions(self) -> Iterator[tuple[str, tuple[Callable[[random.Random], None], int]]]:
        yield "refresh", (self._refresh, 28)
        yield "look", (self._look, 34)
        yield "hide or show", (self._hide_or_show, 12)
        yield "block or unblock", (self._block_or_unblock, 12)
        yield "ask, agree or withdraw", (self._ask_or_withdraw, 6)
        yield "erase", (self._erase, 4)
        yield "join", (self.join, 4)
        yield "give feedback", (self._give_feedback, 5)
        yield "purge", (lambda _: self._purge(), 1)

    def _try(self, name: str, action: Callable[[], None]) -> None:
        """Do an action; errors because a listener was erased meanwhile are expected."""
        try:
            action()
        except (UnknownListener, NoCandidates, NotSynced, RequestDeclined) as error:
            self._count(self.outcome.done, f"{name}: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - the simulation is there to find these
            self._count(self.outcome.failed, f"{name}: {_error_name(error)}")
        else:
            self._count(self.outcome.done, name)

    def _refresh(self, rng: random.Random) -> None:
        self._read(self._somebody(rng))

    def _read(self, listener: str) -> None:
        library = MarkedLibrary(self._next())
        began_s = self.checker.now()
        self.service.refresh_listener(listener, library)
        self.checker.add_refresh(listener, AcknowledgedRefresh(library.mark, began_s, self.checker.now()))

    def _look(self, rng: random.Random) -> None:
        self._look_as(self._somebody(rng))

    def _look_as(self, viewer: str) -> None:
        """Look at the matches, and at the part of them a page would show."""
        began_s = self.checker.now()
        matches = self.service.find_matches(viewer, SHOWN)
        shown = tuple(match.listener.listener_id for match in matches.matches)
        self.checker.add_look(ShownMatches(viewer, began_s, self.checker.now(), shown))
        began_s = self.checker.now()
        on_page = tuple(match.listener_id for match in self.people.show(viewer, matches))
        self.checker.add_look(ShownMatches(viewer, began_s, self.checker.now(), on_page))
        with self._lock:
            self._last_shown[viewer] = shown
        self.history.look(viewer, matches)

    def _hide_or_show(self, rng: random.Random) -> None:
        listener = self._somebody(rng)
        with self._alone("sight", listener) as mine:
            if mine and self.checker.is_hidden("hidden", listener):
                with self.checker.showing("hidden", listener):
                    self.people.choose_discoverable(listener, True)
            elif mine:
                with self.checker.hiding("hidden", listener):
                    self.people.choose_discoverable(listener, False)
                self._look(rng)

    def _block_or_unblock(self, rng: random.Random) -> None:
        viewer = self._somebody(rng)
        with self._lock:
            other = rng.choice(self._last_shown.get(viewer) or (viewer,))
        pair = sorted((viewer, other))
        with self._alone("pair", *pair) as mine:
            if not mine or viewer == other:
                return
            if self.checker.is_hidden("blocked", *pair):
                with self.checker.showing("blocked", *pair):
                    self.people.unblock(*self._blocks.pop(tuple(pair)))
            else:
                with self.checker.hiding("blocked", *pair):
                    self.people.block(viewer, other)  # who has been shown the other, as on a page
                self._blocks[tuple(pair)] = viewer, other
                for one in pair:
                    self._look_as(one)

    def _ask_or_withdraw(self, rng: random.Random) -> None:
        one, other = self._somebody(rng), self._somebody(rng)
        if rng.random() < 0.3:
            self.people.withdraw(one, other)
        else:
            self.people.ask_to_connect(one, other)  # where the other has asked, this agrees

    def _erase(self, rng: random.Random) -> None:
        listener = self._somebody(rng)
        with self._alone("erasure", listener) as mine:
            if not mine:
                return
            with self.checker.hiding("erased", listener):
                self.service.forget_listener(listener)
        with self._lock:
            self.erased.add(listener)
            self._living = [one for one in self._living if one != listener]
        self._look(rng)

    def _give_feedback(self, rng: random.Random) -> None:
        one, other = self._somebody(rng), self._somebody(rng)
        if one != other:
            self.feedback.note(one, other, rng.choice(list(FeedbackAction)), "small-1")

    def _purge(self) -> None:
        self.purge()

    def _somebody(self, rng: random.Random) -> str:
        """A random listener; sometimes an erased one, as from a page that is still open."""
        with self._lock:
            gone = sorted(self.erased) if rng.random() < 0.02 else []
            return rng.choice(gone or self._living)

    @contextmanager
    def _alone(self, *what: str) -> Iterator[bool]:
        """Whether no other thread changes this; with two, the result would be unknown."""
        with self._lock:
            mine = what not in self._busy
            self._busy.add(what)
        try:
            yield mine
        finally:
            if mine:
                with self._lock:
                    self._busy.discard(what)

    def _next(self) -> int:
        with self._lock:
            return next(self._numbers)

    def _count(self, counts: dict[str, int], what: str) -> None:
        with self._lock:
            counts[what] = counts.get(what, 0) + 1

    @property
    def living(self) -> list[str]:
        """Ids of listeners who are not erased."""
        with self._lock:
            return list(self._living)


def _error_name(error: Exception) -> str:
    """Classes of the error, its cause and the driver's error."""
    cause = error.__cause__
    driver = getattr(cause, "orig", None)
    names = [type(one).__name__ for one in (error, cause, driver) if one is not None]
    text = "" if isinstance(error, EarshotError) else f": {error}"
    return " < ".join(names) + text
