"""Remembering how often a listener did something."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

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
