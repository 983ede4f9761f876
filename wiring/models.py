"""The model in service."""

from pathlib import Path
from threading import Lock

from matcher.pipeline import Pipeline
from matcher.ports import Clock, ModelRegistry
from towers.serving.artefact import load_artefact
from towers.serving.bundle import PICKING, pipeline_of


class ModelInService:
    """Loads the artefact on first use, and again when its folder is replaced.

    Each model is registered when it begins to serve.
    """

    def __init__(self, folder: Path, registry: ModelRegistry, clock: Clock) -> None:
        self._folder, self._registry, self._clock = folder, registry, clock
        self._loaded: Pipeline | None = None
        self._stamp: int | None = None
        self._lock = Lock()

    def pipeline(self) -> Pipeline:
        """The pipeline of the artefact.

        Raises:
            ModelMissing, ModelBroken: there is no usable model.
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


def has_picking(folder: Path) -> bool:
    """Whether the model in a folder has artists to pick from; without reading it."""
    return (folder / PICKING).is_file()
