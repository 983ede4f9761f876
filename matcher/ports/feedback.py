"""Keeping what listeners did with their matches."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from matcher.ports.values import ScoredPair


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
