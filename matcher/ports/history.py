"""Remembering what listeners saw when they looked at their matches."""

from typing import Protocol

from matcher.ports.values import Look


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
