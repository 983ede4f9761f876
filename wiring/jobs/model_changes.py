"""From one model to the next: propose, embed everybody, promote, roll back, retire; and repacking for one."""

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from rich.console import Console

from matcher.errors import EarshotError, InputError, UnknownListener
from matcher.ports import PREVIOUS_MODEL_KEPT, KnownModel, ModelState
from storage.stores.listeners.stale_rows import count_stale, find_stale
from wiring.bootstrap import Application, application
from wiring.jobs.progress import bar
from wiring.models import previous

log = logging.getLogger(__name__)

BATCH = 1_000  # ids read at a time
MOST_REST_S = 1.0  # after one batch of `_PACED`
_PACED = 50  # listeners embedded before the load is measured

COMING = (ModelState.PROPOSED, ModelState.EMBEDDING, ModelState.READY)


def propose(app: Application, folder: Path, console: Console) -> str:
    """Keep a trained model under its version; nothing happens if it is known. Returns the version.

    A retired one is proposed again.

    Raises:
        ModelMissing, ModelBroken: there is no usable model in `folder`.
    """
    artefact = app.models.shelf.put(folder)
    version, now = artefact.model_version, app.clock()
    if not app.registry.propose(version, artefact.metrics, now):
        app.registry.move(version, [ModelState.RETIRED], ModelState.PROPOSED, now)
    state = _known(app, version).state
    following = "" if state is ModelState.SERVING else ": `earshot models embed` comes next"
    console.print(f"{version} is {state}{following}", markup=False)
    return version


def embed(app: Application, beginning: str, console: Console) -> str:
    """Embed everybody by a proposed model, beside the running app. If interrupted, run it again.

    Refreshes meanwhile write under both models. Rests while the machine is busy.

    Raises:
        InputError: no model, or more than one, is meant.
        ModelMissing, ModelBroken: it cannot be loaded.
    """
    version = chosen(app, beginning, (*COMING, ModelState.SERVING) if beginning else COMING)
    if version == app.registry.serving():
        console.print(f"{version} serves already", markup=False)
        return version
    app.registry.move(version, [ModelState.PROPOSED], ModelState.EMBEDDING, app.clock())
    app.models.look_again()
    _place_everybody(app, version, console)
    app.service.store.index_vectors(version)
    app.registry.move(version, [ModelState.EMBEDDING], ModelState.READY, app.clock())
    console.print(f"{version} is ready: `earshot models promote` makes it serve", markup=False)
    return version


def promote(app: Application, beginning: str, console: Console) -> str:
    """Make a ready model serve; nothing happens if it does. The one before can serve again for a week.

    Raises:
        InputError: no model, or more than one, is meant, or it is not ready.
    """
    version = chosen(app, beginning, [ModelState.READY, ModelState.SERVING])
    if version == app.registry.serving():
        console.print(f"{version} serves already", markup=False)
        return version
    _place_everybody(app, version, console)  # whoever came since it was ready
    _serve(app, version, [ModelState.READY], console)
    _place_everybody(app, version, console)  # who changed where a process had not seen it coming
    return version


def rollback(app: Application, console: Console) -> str:
    """Make the model serve again that served before, while its vectors are kept.

    Raises:
        InputError: there is none.
    """
    since = app.clock() - PREVIOUS_MODEL_KEPT
    found = previous(app.registry.models(), since)
    if not found:
        raise InputError(f"no model served before within the last {PREVIOUS_MODEL_KEPT.days} days")
    version = _serve(app, found[0].model_version, [ModelState.RETIRED], console)
    _place_everybody(app, version, console)  # whoever an import has changed since
    return version


def retire(app: Application, beginning: str, console: Console) -> str:
    """Give up a model that does not serve: its vectors and its files are deleted.

    Raises:
        InputError: no model, or more than one, is meant, or it serves.
    """
    states = [one for one in ModelState if one is not ModelState.SERVING]
    version = chosen(app, beginning, states)
    app.registry.move(version, COMING, ModelState.RETIRED, app.clock())
    app.service.store.drop_vectors(version)
    app.models.shelf.drop(version)
    app.models.look_again()
    console.print(f"{version} is retired, and its vectors are deleted", markup=False)
    return version


def chosen(app: Application, beginning: str, states: Collection[ModelState]) -> str:
    """The version that begins so and is in one of these states; without a beginning, the latest.

    Raises:
        InputError: none is, or several are.
    """
    found = [one.model_version for one in app.registry.models() if one.state in states]
    meant = [one for one in found if one.startswith(beginning)]
    if not meant or (beginning and len(meant) > 1):
        named = f"begin with {beginning} and are" if beginning else "are"
        listed = " or ".join(states)
        raise InputError(f"{len(meant)} models {named} {listed}; see earshot models list")
    return meant[0]


def _serve(app: Application, version: str, before: Collection[ModelState], console: Console) -> str:
    app.models.load(version)  # what cannot be loaded must not serve
    if not app.registry.serve(version, before, app.clock()):
        raise InputError(f"{version} is not {' or '.join(before)} any more; see earshot models list")
    app.models.look_again()
    console.print(f"{version} serves; every process follows within 5 seconds", markup=False)
    return version


def _known(app: Application, version: str) -> KnownModel:
    return next(one for one in app.registry.models() if one.model_version == version)


def _place_everybody(app: Application, version: str, console: Console) -> None:
    model, n_placed, since_s = app.models.load(version), 0, monotonic()
    with bar(console, "Embedding listeners", count_stale(app.database, version)) as advance:
        # one transaction each, which locks the listener: a concurrent refresh is not overwritten
        for listener_id in stale_ids(app, version):
            with suppress(UnknownListener):  # erased meanwhile
                n_placed += app.tastes.place(listener_id, model)
            advance(n_placed)
            if n_placed % _PACED == 0:
                sleep(rest_s(monotonic() - since_s, os.getloadavg()[0] / (os.cpu_count() or 1)))
                since_s = monotonic()


def rest_s(worked_s: float, load: float) -> float:
    """How long to rest after work, by the load per processor: as long again for each waiting process."""
    return min(max(load - 1.0, 0.0) * worked_s, MOST_REST_S)


def stale_ids(app: Application, version: str) -> Iterator[str]:
    """Ids of listeners without a current row for a model."""
    after = ""
    while ids := find_stale(app.database, version, BATCH, after):
        yield from ids
        after = ids[-1]


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
