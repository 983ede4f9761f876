"""How many calls one reading may make."""

import threading


class BudgetSpent(Exception):
    """There are no calls left. It never leaves this package."""


class CallBudget:
    """Counts calls, and says stop. Safe to use from several threads.

    Attributes:
        used: calls made.
        limit: most calls that may be made.
    """

    def __init__(self, limit: int) -> None:
        self.used, self.limit = 0, limit
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Calls that may still be made."""
        return self.limit - self.used

    def spend(self) -> None:
        """Count one call.

        Raises:
            BudgetSpent: there is none left.
        """
        with self._lock:
            self.require(1)
            self.used += 1

    def require(self, n_calls: int) -> None:
        """Make sure of some calls.

        Raises:
            BudgetSpent: fewer than `n_calls` are left.
        """
        if self.left < n_calls:
            raise BudgetSpent
