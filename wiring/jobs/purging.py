"""Purge of expired data: when the app starts, daily after that, and by command."""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread

from rich.console import Console

from matcher.errors import EarshotError

log = logging.getLogger(__name__)

Purge = Callable[[], Mapping[str, int]]  # deletes expired data and returns the number of rows by table

DAY_S = 86_400.0


class DailyPurge:
    """Purges on a thread of its own, at once and then every `pause_s` seconds.

    An EarshotError is logged, and the purge tried again the next time.
    """

    def __init__(self, purge: Purge, pause_s: float = DAY_S) -> None:
        self._purge, self._pause_s = purge, pause_s
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="purge", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop purging; wait at most a second for a running purge."""
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
    """Purge the database; `anyway` lifts the limit of a tenth of all people.

    Raises:
        PurgeRefused: a clock is wrong, or too many people are due at once.
        EarshotError: the application cannot be built, or the database does not answer.
    """
    from wiring.bootstrap import application

    app = application()
    return app.retention.purge(app.clock(), anyway)


def purge_and_tell(console: Console, anyway: bool = False) -> None:
    """Purge and print what was deleted; raises what `purge_now` raises."""
    console.print(f"purged {told(purge_now(anyway))}", markup=False)


def told(counts: Mapping[str, int]) -> str:
    """Deleted rows by table in one line, without tables that lost none."""
    found = [f"{count:,} of {table}" for table, count in counts.items() if count]
    return ", ".join(found) or "nothing"
