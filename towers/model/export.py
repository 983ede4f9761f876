"""Export of both heads to a LiteRT file, which serving runs without TensorFlow."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from towers.config import TowerConfig
from towers.features.feature_maker import AUDIO_WIDTH
from towers.features.pooling import N_BAGS
from towers.model.backend import tf
from towers.model.distances import Tensor
from towers.model.two_towers import TwoTowers


class ServingTowers(tf.Module):  # type: ignore[misc]
    """Both heads, for export; `features.pooling` makes their input from the item table."""

    def __init__(self, model: TwoTowers) -> None:
        super().__init__(name="serving")
        self._model = model

    @tf.function  # type: ignore[untyped-decorator]
    def embed(self, pooled: Tensor, audio: Tensor) -> dict[str, Tensor]:
        """Vectors `user` and `candidate`, each [n, dim] (see `TwoTowers.heads`)."""
        user, candidate = self._model.heads(pooled, audio)
        return {"user": user, "candidate": candidate}


def export_towers(serving: ServingTowers, config: TowerConfig) -> bytes:
    """Convert to a LiteRT model that embeds one listener per call."""
    concrete = serving.embed.get_concrete_function(
        pooled=tf.TensorSpec((1, N_BAGS, config.table_dim), tf.float32, "pooled"),
        audio=tf.TensorSpec((1, AUDIO_WIDTH), tf.float32, "audio"),
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], serving)
    with _quiet():
        return bytes(converter.convert())


@contextmanager
def _quiet() -> Iterator[None]:
    # the converter writes a SavedModel, which warns about parts that only training uses
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
