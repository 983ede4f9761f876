"""The log of calls: what clients asked, without tokens, codes or query strings."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One answered request; ``listener_id`` is None where no valid token came with it."""

    method: str
    path: str
    listener_id: str | None
    status: int


class CallLog:
    """Keeps the latest 10,000 calls, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def add(self, call: Call) -> None:
        """Appends a call."""
        with self._lock:
            self._calls.append(call)

    def as_json(self) -> list[dict[str, Any]]:
        """Returns the calls as JSON objects, oldest first."""
        with self._lock:
            return [asdict(call) for call in self._calls]

    def clear(self) -> None:
        """Forgets all calls."""
        with self._lock:
            self._calls.clear()
