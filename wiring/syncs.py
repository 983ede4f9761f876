"""Background refreshes: one per listener at a time, shown by any number of pages."""

import logging
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from matcher.domain.listening import Part, PartStatus
from matcher.domain.profile import ListenerProfile
from matcher.errors import EarshotError, Stopped
from matcher.matching.service import Glimpse
from matcher.ports import Clock, Progress, Report
from matcher.taste.service import TasteChange

log = logging.getLogger(__name__)

CLOSING_S = 3.0  # seconds for refreshes to reach their next step when the process ends
FILE_STEP = "file"  # step of reading an uploaded file, in per cent
Refresh = Callable[[str, Report, Glimpse], TasteChange]


class SyncStatus(StrEnum):
    """Status of a refresh."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SyncState:
    """A refresh as a page sees it.

    Attributes:
        steps: latest progress by step, in the order in which steps began.
        error: only when FAILED.
        changed: whether the profile changed; only when DONE.
        parts: status of each part of the library; only when DONE.
        stopping: the listener asked to stop it; it will be FAILED with `Stopped`.
        so_far: profile of what was read so far; only while RUNNING, and only in a first refresh.
        of_file: whether an uploaded file is read, and no service.
    """

    status: SyncStatus
    started_at_utc: datetime
    steps: Mapping[str, Progress] = field(default_factory=dict)
    error: EarshotError | None = None
    changed: bool | None = None
    parts: Mapping[Part, PartStatus] = field(default_factory=dict)
    stopping: bool = False
    so_far: ListenerProfile | None = field(default=None, repr=False)
    of_file: bool = False

    @property
    def n_parts_read(self) -> int:
        """Number of parts in `so_far`."""
        return len(self.so_far.parts) if self.so_far else 0

    @property
    def n_playlists_skipped(self) -> int:
        """Playlists that Spotify did not allow to read."""
        step = self.steps.get(str(Part.PLAYLISTS))
        return step.n_skipped if step else 0

    @property
    def calls_used(self) -> int:
        """Calls to Spotify so far."""
        return max((step.calls_used for step in self.steps.values()), default=0)


class SyncBoard:
    """Runs refreshes on a few threads and reports their progress.

    `n_threads` refreshes, and `n_files` readings of files, run at a time; more are queued.
    """

    def __init__(self, refresh: Refresh, clock: Clock, n_threads: int = 4, n_files: int = 2) -> None:
        self._refresh = refresh
        self._clock = clock
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="sync")
        self._file_pool = ThreadPoolExecutor(n_files, thread_name_prefix="file")
        self._states: dict[str, SyncState] = {}
        self._futures: set[Future[None]] = set()
        self._lock = Lock()

    def start(self, listener_id: str) -> SyncState:
        """Start a refresh unless one is running, and return its state."""
        with self._lock:
            state = self._states.get(listener_id)
            if state is not None and self._is_running(listener_id):
                return state
            state = SyncState(SyncStatus.RUNNING, self._clock())
            self._states[listener_id] = state
        self._submit(self._pool, listener_id, self._refresh)
        return state

    def start_file(self, listener_id: str, refresh: Refresh, end: Callable[[], None]) -> bool:
        """Start a refresh from a file; False, and nothing is started, if one is running.

        `end` is called when it has ended, or was cancelled before it began.
        """
        if not self._begin(listener_id, of_file=True):
            return False
        self._submit(self._file_pool, listener_id, refresh).add_done_callback(lambda _: end())
        return True

    def start_other(self, listener_id: str, refresh: Refresh) -> bool:
        """Start another refresh than the usual one; False, and nothing is started, if one is running."""
        if not self._begin(listener_id):
            return False
        self._submit(self._pool, listener_id, refresh)
        return True

    def state(self, listener_id: str) -> SyncState | None:
        """Latest refresh of this listener in this process, or None."""
        with self._lock:
            return self._states.get(listener_id)

    def stop(self, listener_id: str) -> None:
        """Ask a running refresh to stop at its next step, without storing a profile."""
        with self._lock:
            if self._is_running(listener_id):
                self._states[listener_id] = replace(self._states[listener_id], stopping=True)

    def dismiss(self, listener_id: str) -> None:
        """Forget a finished refresh, so that its result is shown once."""
        with self._lock:
            state = self._states.get(listener_id)
            if state is not None and state.status is not SyncStatus.RUNNING:
                del self._states[listener_id]

    def close(self, wait_s: float = CLOSING_S) -> None:
        """Stop running refreshes and wait up to `wait_s`; queued ones never start.

        A call to Spotify that hangs is abandoned: only the next step would write, and there is none.
        """
        with self._lock:
            running = [key for key, one in self._states.items() if one.status is SyncStatus.RUNNING]
        for listener_id in running:
            self.stop(listener_id)
        for pool in (self._pool, self._file_pool):
            pool.shutdown(wait=False, cancel_futures=True)
        wait([one for one in self._futures if not one.cancelled()], timeout=wait_s)

    def _begin(self, listener_id: str, *, of_file: bool = False) -> bool:
        """Note that a refresh begins; False if one is running."""
        with self._lock:
            if self._is_running(listener_id):
                return False
            self._states[listener_id] = SyncState(SyncStatus.RUNNING, self._clock(), of_file=of_file)
            return True

    def _is_running(self, listener_id: str) -> bool:
        state = self._states.get(listener_id)
        return state is not None and state.status is SyncStatus.RUNNING

    def _submit(self, pool: ThreadPoolExecutor, listener_id: str, refresh: Refresh) -> Future[None]:
        future = pool.submit(self._run, listener_id, refresh)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def _run(self, listener_id: str, refresh: Refresh) -> None:
        try:
            self._go_on(listener_id)
            outcome = refresh(
                listener_id, partial(self._report, listener_id), partial(self._glimpse, listener_id)
            )
        except EarshotError as error:
            self._finish(listener_id, status=SyncStatus.FAILED, error=error)
        except Exception as error:  # noqa: BLE001 - after any error, the page must not wait for ever
            # Class and place only: messages of foreign errors may hold names, music or tokens.
            log.error("a refresh failed unexpectedly: %s%s", type(error).__name__, _place(error))
            self._finish(listener_id, status=SyncStatus.FAILED, error=EarshotError("unexpected"))
        else:
            parts = outcome.profile.parts
            self._finish(listener_id, status=SyncStatus.DONE, changed=outcome.changed, parts=parts)

    def _report(self, listener_id: str, progress: Progress) -> None:
        self._go_on(listener_id)
        with self._lock:
            state = self._states[listener_id]
            steps = {**state.steps, str(progress.step): progress}
            self._states[listener_id] = replace(state, steps=steps)

    def _glimpse(self, listener_id: str, profile: ListenerProfile) -> None:
        with self._lock:
            self._states[listener_id] = replace(self._states[listener_id], so_far=profile)

    def _go_on(self, listener_id: str) -> None:
        with self._lock:
            stopping = self._states[listener_id].stopping
        if stopping:
            raise Stopped("the listener ended it")

    def _finish(self, listener_id: str, **ended: Any) -> None:
        with self._lock:
            self._states[listener_id] = replace(self._states[listener_id], so_far=None, **ended)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return "".join(f" < {Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-5:]))
