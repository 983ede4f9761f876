"""Export of both towers to one LiteRT file, which serving runs without TensorFlow."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from matcher.domain.vectors import Floats
from towers.features.feature_maker import AUDIO_WIDTH, N_FIELDS
from towers.model.backend import tf
from towers.model.distances import Tensor
from towers.model.two_towers import TwoTowers


class ServingTowers(tf.Module):  # type: ignore[misc]
    """Both towers with the folded item table [n_tokens, table_dim], for export."""

    def __init__(self, model: TwoTowers, table: Floats) -> None:
        super().__init__(name="serving")
        self._model = model
        self._table = tf.Variable(table, trainable=False)

    @tf.function  # type: ignore[untyped-decorator]
    def embed(self, tokens: Tensor, weights: Tensor, audio: Tensor) -> dict[str, Tensor]:
        """Vectors of a `FeatureBatch`: `user` and `candidate`, each [n, dim]."""
        parts = self._model.field_vectors_of_features(self._table, tokens, weights, audio)
        return {"user": self._model.user(parts), "candidate": self._model.candidate(parts)}


def export_towers(serving: ServingTowers, bag_width: int) -> bytes:
    """Convert to a LiteRT model that embeds one listener per call."""
    bags = (1, N_FIELDS, bag_width)
    concrete = serving.embed.get_concrete_function(
        tokens=tf.TensorSpec(bags, tf.int32, "tokens"),
        weights=tf.TensorSpec(bags, tf.float32, "weights"),
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
