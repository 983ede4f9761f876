"""Health check with a time limit."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from matcher.errors import EarshotError

LIMIT_S = 2.0  # longest wait in seconds: load balancers give up after a few


@dataclass(frozen=True, slots=True)
class Health:
    """HTTP status and JSON of an answer."""

    status: int
    content: Mapping[str, Any]


class HealthCheck:
    """Runs `examine` on a thread of its own, once at a time.

    A database that hangs then blocks one thread and no page. The result of `examine` is part of the answer.
    """

    def __init__(self, examine: Callable[[], Mapping[str, Any]], limit_s: float = LIMIT_S) -> None:
        self._examine, self._limit_s = examine, limit_s
        self._lock = Lock()
        self._running: Future[Health] | None = None

    async def ask(self) -> Health:
        """Result of the check; concurrent callers share one run."""
        asked = asyncio.wrap_future(self._begun())
        try:
            return await asyncio.wait_for(asyncio.shield(asked), self._limit_s)
        except TimeoutError:
            return _ill("NoAnswerInTime")

    def _begun(self) -> "Future[Health]":
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                thread = Thread(target=self._run, args=(self._running,), name="health", daemon=True)
                thread.start()
            return self._running

    def _run(self, answer: "Future[Health]") -> None:
        try:
            answer.set_result(Health(200, {"status": "ok", **self._examine()}))
        except EarshotError as error:
            answer.set_result(_ill(type(error).__name__))
        except BaseException as error:  # answer the callers, whatever it is
            answer.set_result(_ill("Unexpected"))
            raise error from None


def _ill(problem: str) -> Health:
    return Health(503, {"status": "error", "problem": problem})
