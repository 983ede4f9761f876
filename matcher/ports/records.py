"""Keeping what listeners did with their matches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from matcher.ports.values import KnownModel, Look, ScoredPair


class FeedbackStore(Protocol):
    """What listeners did with their matches.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def add(self, listener_id: str, other_id: str, score: int, model_version: str, now: datetime) -> bool:
        """Keep that a listener did something with a match; whether it was not kept before.

        The same deed on the same listener under the same model is kept once, with its first time.

        Args:
            listener_id: who acted.
            other_id: on whom; another listener.
            score: 0 dismissed, 1 opened, 5 connected.
            model_version: the model that had proposed the match.
            now: the time, aware, UTC.

        Raises:
            UnknownListener: either has been erased meanwhile.
        """
        ...

    def strongest(self) -> Iterator[ScoredPair]:
        """The highest score each listener gave each other one, by ids."""
        ...

    def given(self, listener_id: str, score: int, model_version: str) -> frozenset[str]:
        """Ids of those to whom the listener gave this score under that model, and who are not erased."""
        ...

    def take_back(self, listener_id: str, score: int, model_version: str) -> int:
        """Delete every row of this listener with this score under that model; how many."""
        ...


class HistoryStore(Protocol):
    """The last looks of each listener at their matches.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def looks(self, listener_id: str) -> tuple[Look, ...]:
        """The looks that are kept, newest first, two at most.

        Listeners who have been erased since stand in none of them.
        """
        ...

    def add(self, listener_id: str, look: Look, last: Look | None) -> bool:
        """Keep a look, and of the earlier ones the newest; whether it was kept.

        Nothing is kept when another process kept a look meanwhile, or this look is not later than the last.
        Places of listeners who have been erased meanwhile are left out.

        Args:
            listener_id: who looked.
            look: what they saw, with at least one place.
            last: the newest look as it was read before; None if there was none.

        Raises:
            UnknownListener: the one who looked has been erased meanwhile.
        """
        ...


class ModelRegistry(Protocol):
    """The models that have served here.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def register(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        """Keep that a model serves; False when it is known: then nothing changes.

        Args:
            model_version: digest of the model.
            metrics: its figures from training, JSON-ready; figures that are not finite are kept as null.
            now: the time, aware, UTC.
        """
        ...

    def models(self) -> tuple[KnownModel, ...]:
        """Every model that has served here, the latest first."""
        ...


Limits = Sequence[tuple[int, timedelta]]
"""So many at most within so long."""


class PaceStore(Protocol):
    """What listeners did of late, over every process.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def take(self, listener_id: str, act: str, what: str, now: datetime, limits: Limits) -> datetime | None:
        """Keep that a listener does something now, unless it is too much; from when on it is not.

        What was done on the same thing within the longest limit is not counted again. Of two at once, one
        waits for the other.

        Args:
            listener_id: who acts.
            act: the kind of it; each kind is counted for itself.
            what: the thing; empty where every time counts.
            now: the time, aware, UTC.
            limits: at least one.

        Returns:
            None where it was within the limits.

        Raises:
            UnknownListener: there is no such listener.
        """
        ...
