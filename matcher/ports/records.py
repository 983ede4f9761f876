"""Ports for feedback, history, models and rate limits.

Every method raises `StorageUnreachable` if the database does not answer.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from matcher.ports.values import KnownModel, Look, ModelState, ScoredPair


class FeedbackStore(Protocol):
    """Stores feedback on matches."""

    def add(self, listener_id: str, other_id: str, score: int, model_version: str, now: datetime) -> bool:
        """Store an action on a match; False, and no change, if already stored.

        `score` is 0 dismissed, 1 opened, 5 connected; it is part of the key, as are both listeners and the
        model.

        Raises:
            UnknownListener: either was erased meanwhile.
        """
        ...

    def strongest(self) -> Iterator[ScoredPair]:
        """Highest score of each pair, by ids."""
        ...

    def given(self, listener_id: str, score: int, model_version: str) -> frozenset[str]:
        """Ids of existing listeners with this score from the listener under that model."""
        ...

    def take_back(self, listener_id: str, score: int, model_version: str) -> int:
        """Delete the listener's rows with this score and model; return their number."""
        ...


class HistoryStore(Protocol):
    """Stores the last looks of each listener at their matches."""

    def looks(self, listener_id: str) -> tuple[Look, ...]:
        """The stored looks, at most two, newest first, without erased listeners."""
        ...

    def add(self, listener_id: str, look: Look, last: Look | None) -> bool:
        """Store a look, and keep the newest earlier one; False if rejected.

        Rejected if another process stored a look meanwhile (`last` is the newest as read before), or the
        look is not later than the last. Places of erased listeners are dropped.

        Raises:
            UnknownListener: the viewer was erased meanwhile.
        """
        ...


class ModelRegistry(Protocol):
    """Stores models and their states. Every method is one step for all processes."""

    def propose(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        """Store a model as proposed; False, and no change, if known.

        `metrics` are JSON-ready; non-finite numbers are stored as null.
        """
        ...

    def move(self, model_version: str, before: Collection[ModelState], to: ModelState, now: datetime) -> bool:
        """Change the state of a model that is in one of `before`; else False, and no change.

        To make it serve, see `serve`.
        """
        ...

    def serve(self, model_version: str, before: Collection[ModelState], now: datetime) -> bool:
        """Make a model that is in one of `before` serve, and retire the one that did.

        False, and no change, if it is in none of them, or unknown.
        """
        ...

    def serving(self) -> str:
        """Version of the model that serves; "" if none does."""
        ...

    def models(self) -> tuple[KnownModel, ...]:
        """All models, latest first by the time of their state."""
        ...


Limits = Sequence[tuple[int, timedelta]]  # maximum number of actions within each time span


class PaceStore(Protocol):
    """Limits the rate of listeners' actions, across processes."""

    def take(self, listener_id: str, act: str, what: str, now: datetime, limits: Limits) -> datetime | None:
        """Record an action, or return when it will be allowed; None if recorded.

        Each `act` is counted separately. Repetitions on the same object `what` within the longest limit
        count once; with an empty one all count. Concurrent calls are serialised. Pass at least one limit.

        Raises:
            UnknownListener: no such listener.
        """
        ...
