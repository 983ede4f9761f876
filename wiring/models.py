"""The model in service, and those that were."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from rich.console import Console
from rich.table import Table

from matcher.errors import ModelError
from matcher.pipeline import Pipeline
from matcher.ports import Clock, KnownModel, ModelRegistry
from towers.serving.artefact import load_artefact
from towers.serving.bundle import pipeline_of


class ModelInService:
    """Loads the artefact on first use, and again when the folder has been replaced.

    A model is registered when it begins to serve.

    Args:
        folder: the artefact.
        registry: told which models serve.
        clock: the time now.
    """

    def __init__(self, folder: Path, registry: ModelRegistry, clock: Clock) -> None:
        self._folder, self._registry, self._clock = folder, registry, clock
        self._loaded: Pipeline | None = None
        self._stamp: int | None = None
        self._lock = Lock()

    def pipeline(self) -> Pipeline:
        """The pipeline of the artefact in the folder.

        Raises:
            ModelMissing, ModelBroken: there is none that can be used.
            StorageUnreachable: it cannot be registered.
        """
        with self._lock:
            stamp = self._stamp_now()
            if self._loaded is None or stamp != self._stamp:
                artefact = load_artefact(self._folder)
                pipeline = pipeline_of(artefact)
                self._registry.register(artefact.model_version, artefact.metrics, self._clock())
                self._loaded, self._stamp = pipeline, stamp
            return self._loaded

    def _stamp_now(self) -> int | None:
        try:
            return (self._folder / "manifest.json").stat().st_mtime_ns
        except OSError:
            return None


def list_models(console: Console) -> None:
    """Print the models that have served here, the latest first, and which is in service now.

    Raises:
        StorageUnreachable: the database does not answer.
    """
    from wiring.build import application

    app = application()
    try:
        serving = app.model_version()
    except ModelError as error:
        serving = ""
        console.print(f"no model is in service: {error}", markup=False)
    console.print(_table(app.registry.models(), serving), markup=False)


def _table(models: tuple[KnownModel, ...], serving: str) -> Table:
    table = Table("model version", "first served (UTC)", "in service", "figures from training")
    for one in models:
        mark = "yes" if one.model_version == serving else ""
        since = f"{one.first_served_at_utc:%Y-%m-%d %H:%M}"
        table.add_row(one.model_version, since, mark, figures(one.metrics))
    return table


def figures(metrics: Mapping[str, Any]) -> str:
    """The figures of a training that fit on a line: its size, and how it did on the listeners it watched.

    `best_epoch` counts from 0, the state before training; `watch_mrr` has one figure for each.
    """
    found = []
    if isinstance(n_listeners := metrics.get("n_listeners"), int):
        found.append(f"{n_listeners:,} listeners")
    if isinstance(n_pairs := metrics.get("n_pairs"), int):
        found.append(f"{n_pairs:,} pairs")
    curve, best = metrics.get("watch_mrr"), metrics.get("best_epoch")
    if isinstance(curve, list) and isinstance(best, int) and 0 <= best < len(curve):
        found.append(f"MRR {curve[best]:.3f}")
    return ", ".join(found)
