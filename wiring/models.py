"""The model in service, as the database tells, and those that are to serve or may serve again."""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import monotonic

from matcher.errors import EarshotError, ModelError, ModelMissing, StorageUnreachable
from matcher.pipeline import Pipeline
from matcher.ports import PREVIOUS_MODEL_KEPT, Clock, KnownModel, ModelRegistry, ModelState
from towers.serving.artefact import Artefact, load_artefact
from towers.serving.bundle import PICKING, pipeline_of

FOLLOW_S = 2.0  # seconds after which a process asks again what serves

log = logging.getLogger(__name__)

_PINNED: ContextVar[Pipeline | None] = ContextVar("pinned model", default=None)


class ModelShelf:
    """Artefacts by version, each in a folder of its own; checked whenever they are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, source: Path) -> Artefact:
        """Copy the artefact in a folder; nothing happens if it is there.

        Raises:
            ModelMissing, ModelBroken: there is no usable model in `source`.
        """
        artefact = load_artefact(source)
        target = self._folder / artefact.model_version
        if not target.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as draft:
                # a killed copy leaves no half of a model under its version
                shutil.copytree(source, made := Path(draft) / target.name)
                made.replace(target)
        return artefact

    def get(self, model_version: str) -> Artefact:
        """The artefact of a version.

        Raises:
            ModelMissing: it is not here.
            ModelBroken: it is damaged.
        """
        return load_artefact(self._folder / model_version)

    def has(self, model_version: str) -> bool:
        """Whether a version is here; without reading it."""
        return (self._folder / model_version).is_dir()

    def drop(self, model_version: str) -> None:
        """Delete a version, if it is here."""
        shutil.rmtree(self._folder / model_version, ignore_errors=True)


class ModelInService:
    """Loads the model that serves, and follows the database when another does.

    Where none serves yet, or its artefact is gone, the model in `folder` is adopted.
    """

    def __init__(self, folder: Path, registry: ModelRegistry, clock: Clock, shelf: ModelShelf) -> None:
        self._folder, self._registry, self._clock, self.shelf = folder, registry, clock, shelf
        self._loaded: dict[str, Pipeline] = {}
        self._serving, self._others = "", tuple[str, ...]()
        self._asked_s = 0.0
        self._lock = Lock()

    def pipeline(self) -> Pipeline:
        """The pipeline of the model that serves.

        Raises:
            ModelMissing, ModelBroken: there is no usable model.
            StorageUnreachable: the database does not tell what serves, and nothing has served yet.
        """
        if (pinned := _PINNED.get()) is not None:
            return pinned
        with self._lock:
            self._follow()
            return self._loaded[self._serving]

    def others(self) -> Sequence[Pipeline]:
        """Pipelines of the models of `live`; broken ones are left out."""
        with self._lock:
            self._follow()
            return [one for version in self._others if (one := self._other(version)) is not None]

    def load(self, model_version: str) -> Pipeline:
        """The pipeline of any version.

        Raises:
            ModelMissing, ModelBroken: there is no usable model of that version.
        """
        return self._loaded.get(model_version) or pipeline_of(self.shelf.get(model_version))

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Let one thread keep the model that serves now, so that a page is of one model from top to end."""
        try:
            token = _PINNED.set(self.pipeline())
        except EarshotError:  # whatever needs a model says so itself
            yield
            return
        try:
            yield
        finally:
            _PINNED.reset(token)

    def has_picking(self) -> bool:
        """Whether the model has artists to pick from; without loading it."""
        found = self._loaded.get(self._serving)
        return (self._folder / PICKING).is_file() if found is None else found.picker is not None

    def look_again(self) -> None:
        """Ask the database at the next call, as after a change by this process."""
        self._asked_s = 0.0

    def _follow(self) -> None:
        if self._serving and monotonic() - self._asked_s < FOLLOW_S:
            return
        try:
            models = self._registry.models()
        except StorageUnreachable:
            if not self._serving:
                raise
            return  # whatever needs the database says so itself
        serving = next((one.model_version for one in models if one.state is ModelState.SERVING), "")
        if serving not in self._loaded:
            serving, pipeline = self._load(serving)
            self._loaded[serving] = pipeline
        self._serving, self._others = serving, live(models, self._clock() - PREVIOUS_MODEL_KEPT)
        self._loaded = {key: one for key, one in self._loaded.items() if key in {serving, *self._others}}
        self._asked_s = monotonic()

    def _load(self, serving: str) -> tuple[str, Pipeline]:
        try:
            if serving:
                return serving, pipeline_of(self.shelf.get(serving))
        except ModelMissing:
            log.warning("the model that served is gone from here: the one in EARSHOT_MODEL serves instead")
        artefact = self.shelf.put(self._folder)
        pipeline, now = pipeline_of(artefact), self._clock()
        self._registry.propose(artefact.model_version, artefact.metrics, now)
        self._registry.serve(artefact.model_version, list(ModelState), now)
        return artefact.model_version, pipeline

    def _other(self, model_version: str) -> Pipeline | None:
        if model_version not in self._loaded:
            try:
                self._loaded[model_version] = pipeline_of(self.shelf.get(model_version))
            except ModelError as error:
                log.warning("a model that is to serve cannot be loaded: %s", error)
                return None
        return self._loaded[model_version]


def live(models: Sequence[KnownModel], retired_since: datetime) -> tuple[str, ...]:
    """Versions beside the serving one whose vectors are kept: coming ones, and the one that served last."""
    coming = [one.model_version for one in models if one.state in {ModelState.EMBEDDING, ModelState.READY}]
    return (*coming, *(one.model_version for one in previous(models, retired_since)))


def previous(models: Sequence[KnownModel], retired_since: datetime) -> tuple[KnownModel, ...]:
    """The model that served before the present one, if it may serve again; else nothing."""
    served = [one for one in models if one.state is ModelState.RETIRED and one.first_served_at_utc]
    return tuple(one for one in served[:1] if one.changed_at_utc >= retired_since)
