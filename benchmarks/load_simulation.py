"""A town of listeners who refresh, look, hide, block and leave, all at once, over one real database."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from benchmarks.consistency import Reading, Record, Seen
from benchmarks.small_model import MarkedLibrary
from matcher.errors import EarshotError, NoCandidates, NotSynced, UnknownListener
from matcher.feedback import Deed, FeedbackLog
from matcher.history import MatchHistory
from matcher.people import People
from matcher.ports import Account
from matcher.service import MatchingService

SHOWN = 20


@dataclass
class Outcome:
    """How often what was done, and what went wrong that should not have: class and cause, with its number."""

    done: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


@dataclass
class Town:
    """Who lives here, and what they may do next.

    Attributes:
        service, people, feedback, history: the use cases.
        purge: deletes whatever is over.
        record: what is seen from outside.
        outcome: what was done.
    """

    service: MatchingService
    people: People
    feedback: FeedbackLog
    history: MatchHistory
    purge: Callable[[], object]
    record: Record = field(default_factory=Record)
    outcome: Outcome = field(default_factory=Outcome)
    erased: set[str] = field(default_factory=set)
    _living: list[str] = field(default_factory=list)
    _last_shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _busy: set[object] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=count)

    def live(self, rng: random.Random, until_s: float) -> None:
        """Do one thing after another until the time is over."""
        actions = dict(self._actions())
        names, weights = list(actions), [weight for _, weight in actions.values()]
        while time.monotonic() < until_s:
            name = rng.choices(names, weights)[0]
            self._try(name, lambda name=name: actions[name][0](rng))  # type: ignore[misc]

    def join(self, _: random.Random | None = None) -> None:
        """Somebody new signs in, has their library read, and lets themselves be found."""
        account = Account(f"town:{self._next()}")
        listener = self.service.connect_listener(account).listener_id
        with self.record.out_of_sight("hidden", listener):
            pass  # as everybody is who signs in
        self._read(listener)
        with self.record.in_sight("hidden", listener):
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
        """Do something; that the other, or oneself, was erased meanwhile is nobody's fault."""
        try:
            action()
        except (UnknownListener, NoCandidates, NotSynced) as error:
            self._count(self.outcome.done, f"{name}: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the run is for
            self._count(self.outcome.failed, f"{name}: {_told(error)}")
        else:
            self._count(self.outcome.done, name)

    def _refresh(self, rng: random.Random) -> None:
        self._read(self._somebody(rng))

    def _read(self, listener: str) -> None:
        library = MarkedLibrary(self._next())
        began_s = self.record.now()
        self.service.refresh_listener(listener, library)
        self.record.read(listener, Reading(library.mark, began_s, self.record.now()))

    def _look(self, rng: random.Random) -> None:
        self._look_as(self._somebody(rng))

    def _look_as(self, viewer: str) -> None:
        """Look at what is found, and at what a page would show of it."""
        began_s = self.record.now()
        found = self.service.find_matches(viewer, SHOWN)
        shown = tuple(one.listener.listener_id for one in found.matches)
        self.record.saw(Seen(viewer, began_s, self.record.now(), shown))
        began_s = self.record.now()
        seen = self.people.show(viewer, found)
        self.record.saw(
            Seen(viewer, began_s, self.record.now(), tuple(one.listener_id for one in seen.matches))
        )
        with self._lock:
            self._last_shown[viewer] = shown
        self.history.remember(viewer, found)
        self.history.what_changed(viewer)

    def _hide_or_show(self, rng: random.Random) -> None:
        listener = self._somebody(rng)
        with self._alone("sight", listener) as mine:
            if mine and self.record.is_out_of_sight("hidden", listener):
                with self.record.in_sight("hidden", listener):
                    self.people.choose_discoverable(listener, True)
            elif mine:
                with self.record.out_of_sight("hidden", listener):
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
            if self.record.is_out_of_sight("blocked", *pair):
                with self.record.in_sight("blocked", *pair):
                    self.people.unblock(pair[0], pair[1])
            else:
                with self.record.out_of_sight("blocked", *pair):
                    self.people.block(pair[0], pair[1])
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
            with self.record.out_of_sight("erased", listener):
                self.service.forget_listener(listener)
        with self._lock:
            self.erased.add(listener)
            self._living = [one for one in self._living if one != listener]
        self._look(rng)

    def _give_feedback(self, rng: random.Random) -> None:
        one, other = self._somebody(rng), self._somebody(rng)
        if one != other:
            self.feedback.note(one, other, rng.choice(list(Deed)), "small-1")

    def _purge(self) -> None:
        self.purge()

    def _somebody(self, rng: random.Random) -> str:
        """A listener; now and then one who has been erased, as a page that is still open would name."""
        with self._lock:
            gone = sorted(self.erased) if rng.random() < 0.02 else []
            return rng.choice(gone or self._living)

    @contextmanager
    def _alone(self, *what: str) -> Iterator[bool]:
        """Whether nobody else changes this at the moment: else nobody could say what came of it."""
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
        """Who has not been erased."""
        with self._lock:
            return list(self._living)


def _told(error: Exception) -> str:
    """Classes only, down to the driver's: what a caller met, and why."""
    cause = error.__cause__
    driver = getattr(cause, "orig", None)
    names = [type(one).__name__ for one in (error, cause, driver) if one is not None]
    text = "" if isinstance(error, EarshotError) else f": {error}"
    return " < ".join(names) + text
