"""Deleting what has been kept long enough: when the app starts, once a day after that, and by command."""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread

from rich.console import Console

from matcher.errors import EarshotError

log = logging.getLogger(__name__)

Purge = Callable[[], Mapping[str, int]]
"""Deletes what has been kept long enough; rows by table."""

DAY_S = 86_400.0


class DailyPurge:
    """Purges on a thread of its own, so that nobody waits for it.

    Args:
        purge: called at once and then once a `pause_s`, until it is stopped. What it raises on purpose is
            logged, and it is tried again the next time.
        pause_s: seconds between two purges.
    """

    def __init__(self, purge: Purge, pause_s: float = DAY_S) -> None:
        self._purge, self._pause_s = purge, pause_s
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="purge", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Purge no more; waits for one that is going on, but not for long."""
        self._stopped.set()
        self._thread.join(timeout=1)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._purge_once()
            except EarshotError as error:
                log.warning("the purge stopped with %s: %s", type(error).__name__, error)
            self._stopped.wait(self._pause_s)

    def _purge_once(self) -> None:
        counts = self._purge()
        if any(counts.values()):
            log.info("purged %s", told(counts))


def purge_now(anyway: bool = False) -> Mapping[str, int]:
    """Purge the database of this process.

    Args:
        anyway: erase even more than a tenth of all people at once.

    Raises:
        PurgeRefused: a clock is wrong, or more people are due than are erased at once.
        EarshotError: the application cannot be built, or the database does not answer.
    """
    from wiring.bootstrap import application

    app = application()
    return app.retention.purge(app.clock(), anyway)


def purge_and_tell(console: Console, anyway: bool = False) -> None:
    """Purge, and print what was deleted.

    Args:
        console: where it is printed.
        anyway: erase even more than a tenth of all people at once.

    Raises:
        PurgeRefused: a clock is wrong, or more people are due than are erased at once.
        EarshotError: the application cannot be built, or the database does not answer.
    """
    console.print(f"purged {told(purge_now(anyway))}", markup=False)


def told(counts: Mapping[str, int]) -> str:
    """Rows deleted by table, in one line; those of which there were none are left out."""
    found = [f"{count:,} of {table}" for table, count in counts.items() if count]
    return ", ".join(found) or "nothing"
