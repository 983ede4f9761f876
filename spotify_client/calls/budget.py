"""Limit on the calls of one reading."""

import threading


class BudgetSpent(Exception):
    """No calls are left; internal to this package."""


class CallBudget:
    """Counts calls up to a limit. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self.used, self.limit = 0, limit
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        return self.limit - self.used

    def spend(self) -> None:
        """Count one call; raises BudgetSpent if none is left."""
        with self._lock:
            self.require(1)
            self.used += 1

    def require(self, n_calls: int) -> None:
        """Check that `n_calls` are left; raises BudgetSpent otherwise."""
        if self.left < n_calls:
            raise BudgetSpent
