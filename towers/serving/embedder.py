"""Embedder that runs the exported towers by LiteRT, without importing TensorFlow."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, TowerVectors
from matcher.errors import ModelBroken
from towers.features.feature_maker import AUDIO_WIDTH, FeatureBatch
from towers.features.pooling import N_BAGS, pool_features
from towers.native_log import without_notices
from towers.serving.artefact import SERVING, Artefact, load_artefact

SIGNATURE = "serving_default"
_notices_are_out = threading.Event()


@contextmanager
def _first_time_without_notices() -> Iterator[None]:
    """Filter the notices of the first model only: LiteRT gives them once a process."""
    if _notices_are_out.is_set():
        yield
        return
    with without_notices():
        yield
    _notices_are_out.set()


class LiteRtEmbedder:
    """Embeds profiles one at a time: no vector depends on its batch. Thread-safe.

    Raises:
        ModelBroken: the export cannot be run, or does not match the configuration.
    """

    def __init__(self, artefact: Artefact) -> None:
        self._version = artefact.model_version
        self._dim, self._ridge = artefact.config.dim, artefact.config.ridge
        self._maker = artefact.maker
        self._lock = threading.Lock()
        try:
            with _first_time_without_notices():
                self._items = artefact.items
                self._interpreter = Interpreter(model_content=artefact.files[SERVING], num_threads=1)
                self._run = self._interpreter.get_signature_runner(SIGNATURE)
                self._check_shapes()
                self.embed([ListenerProfile("", Source.TABLE)])
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelBroken("the model's towers cannot be run; train it again") from error

    @classmethod
    def load(cls, folder: Path) -> "LiteRtEmbedder":
        """Load the embedder of the model in a folder.

        Raises:
            ModelMissing: there is no model.
            ModelBroken: it does not verify or cannot be run.
        """
        return cls(load_artefact(folder))

    @property
    def model_version(self) -> str:
        """Digest of the model; vectors of different versions cannot be compared."""
        return self._version

    @property
    def dim(self) -> int:
        """Dimensions of one tower's output."""
        return self._dim

    def embed(self, profiles: Sequence[ListenerProfile]) -> TowerVectors:
        """User and candidate vectors of each profile, in order: [n, dim] each.

        All profiles without known items, tags and audio have the same vector.
        """
        user = np.empty((len(profiles), self._dim), np.float32)
        candidate = np.empty_like(user)
        for row, profile in enumerate(profiles):
            user[row], candidate[row] = self._embed_one(self._maker.make([profile]))
        return TowerVectors(user, candidate)

    def _embed_one(self, features: FeatureBatch) -> tuple[Floats, Floats]:
        pooled = pool_features(self._items, features, self._ridge)
        with self._lock:
            vectors = self._run(pooled=pooled, audio=features.audio)
        return vectors["user"][0], vectors["candidate"][0]

    def _check_shapes(self) -> None:
        n_tokens, table_dim = self._items.table.shape
        if n_tokens != self._maker.vocabulary.n_tokens:
            raise ValueError("the item table does not fit the vocabulary")
        expected = {"pooled": [1, N_BAGS, table_dim], "audio": [1, AUDIO_WIDTH]}
        expected |= {"user": [1, self._dim], "candidate": [1, self._dim]}
        tensors = {**self._run.get_input_details(), **self._run.get_output_details()}
        if {name: list(details["shape"]) for name, details in tensors.items()} != expected:
            raise ValueError("the towers have other shapes than the configuration says")
