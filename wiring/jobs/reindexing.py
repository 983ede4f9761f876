"""Rebuild packed rows after their layout or the model has changed."""

import logging
from contextlib import suppress

from rich.console import Console

from matcher.errors import EarshotError, UnknownListener
from storage.stores.listeners.stale_rows import count_stale
from wiring.bootstrap import Application, application
from wiring.jobs.model_changes import stale_ids
from wiring.jobs.progress import bar

log = logging.getLogger(__name__)


def reindex(console: Console) -> int:
    """Embed and pack listeners with a missing or outdated row; return their number.

    If interrupted, run it again.

    Raises:
        ModelMissing, ModelBroken: there is no usable model.
        StorageUnreachable: the database does not answer.
    """
    app = application()
    version, n_packed = app.model_version(), 0
    with bar(console, "Packing listeners", count_stale(app.database, version)) as advance:
        # one transaction each, which locks the listener: a concurrent refresh is not overwritten
        for listener_id in stale_ids(app, version):
            with suppress(UnknownListener):  # erased meanwhile
                app.tastes.renew(listener_id)
                n_packed += 1
            advance(n_packed)
    app.service.store.index_vectors(version)
    console.print(f"{n_packed:,} listeners packed anew")
    return n_packed


def advice(n_stale: int) -> str:
    """How to fix stale rows."""
    return f"{n_stale:,} listeners are packed for another layout or model: run `earshot reindex`"


def warn_of_stale_rows(app: Application) -> None:
    """Log the number of stale rows, if any."""
    try:
        n_stale = count_stale(app.database, app.model_version())
    except EarshotError:  # pages and doctor report it
        return
    if n_stale:
        log.warning("%s", advice(n_stale))
