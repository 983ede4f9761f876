"""The two towers: shared item table, two heads, and the retrieval task."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher.domain.vectors import Floats
from towers.config import TowerConfig
from towers.features.feature_maker import AUDIO_WIDTH, N_AUDIO
from towers.features.pooling import BAGS, N_BAGS
from towers.model.backend import tf, tf_keras, tfrs
from towers.model.distances import Tensor, n_dense_dims, output_layer, unit
from towers.model.item_table import FIELD_WEIGHTS, ItemTable
from towers.model.pooling import pool

_AUDIO_WEIGHT = 0.5
_AUDIO_UNITS = 32
_KERNEL_NOISE = 1e-2
DEFAULT_RIDGE = 1.0

# The names of layers are part of the exported model, and so of the model version.


class AudioEncoder(tf_keras.layers.Layer):  # type: ignore[misc]
    """Maps audio features to unit vectors beside the item table; zero if unknown."""

    def __init__(self, table_dim: int) -> None:
        super().__init__(name="audio")
        self._inner = tf_keras.layers.Dense(_AUDIO_UNITS, activation="relu", name="inner")
        self._outer = tf_keras.layers.Dense(table_dim, name="outer")

    def call(self, audio: Tensor) -> Tensor:
        """Map audio features [n, AUDIO_WIDTH] to [n, table_dim]."""
        known = tf.reduce_max(audio[:, AUDIO_WIDTH - N_AUDIO :], axis=1, keepdims=True)
        return unit(self._outer(self._inner(audio))) * known


class Tower(tf_keras.layers.Layer):  # type: ignore[misc]
    """One head: maps the pooled vectors of a listener to one vector.

    It starts as their weighted sum, so that training starts from the SVD. `name` is "user" or "candidate".
    """

    def __init__(self, name: str, config: TowerConfig) -> None:
        super().__init__(name=name)
        seed = 2 * config.seed + (name == "candidate")
        self._width = (N_BAGS + 1) * config.table_dim
        self._direct = tf_keras.layers.Dense(
            n_dense_dims(config.distance, config.dim),
            name="direct",
            kernel_initializer=tf_keras.initializers.Constant(_first_kernel(config, seed)),
            # not zero: a listener without any pooled vector needs an output of unit length, too
            bias_initializer=tf_keras.initializers.RandomNormal(stddev=1e-3, seed=seed),
        )
        self._residual = _residual(config) if config.hidden else None
        self._output = output_layer(config.distance, is_user=name == "user")

    def call(self, pooled: Tensor) -> Tensor:
        """Map [n, N_BAGS + 1, table_dim] to [n, dim]."""
        flat = tf.reshape(pooled, [-1, self._width])
        direct = self._direct(flat)
        return self._output(direct + self._residual(flat) if self._residual else direct)


def _residual(config: TowerConfig) -> Any:
    # the second layer starts at zero: the residual adds nothing before training
    inner = tf_keras.layers.Dense(config.hidden, activation="relu", name="inner")
    n_dense = n_dense_dims(config.distance, config.dim)
    back = tf_keras.layers.Dense(n_dense, kernel_initializer="zeros", use_bias=False, name="back")
    return tf_keras.Sequential([inner, back], name="bend")


def _first_kernel(config: TowerConfig, seed: int) -> Floats:
    weights = np.append([FIELD_WEIGHTS[fields[0]] for fields in BAGS], _AUDIO_WEIGHT)
    n_dense = n_dense_dims(config.distance, config.dim)
    eye = np.eye(config.table_dim, n_dense)
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, _KERNEL_NOISE, (len(weights) * config.table_dim, n_dense))
    return np.asarray(np.vstack([weight * eye for weight in weights]) + noise, np.float32)


class TwoTowers(tfrs.Model):  # type: ignore[misc]
    """User tower and candidate tower, trained to match two views of one listener.

    The loss uses the score of serving, s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)), in a softmax over the other
    listeners of the batch (Yi et al., "Sampling-bias-corrected neural modeling for large corpus item
    recommendations", RecSys 2019), in both directions. Listeners with the same second view are not negatives
    of each other (accidental hits).
    """

    def __init__(self, table: ItemTable, config: TowerConfig) -> None:
        super().__init__(name="towers")
        self.items = table
        self.ridge = config.ridge or DEFAULT_RIDGE
        self.hide_part = config.hide_part
        self.audio = AudioEncoder(config.table_dim)
        self.user = Tower("user", config)
        self.candidate = Tower("candidate", config)
        self.task = tfrs.tasks.Retrieval(temperature=config.temperature, remove_accidental_hits=True)

    def pooled(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """[n_views * n, N_BAGS, table_dim] unit vectors of `views.make_batch`."""
        entries = self.items(inputs["tokens"], inputs["own"], inputs["listeners"])
        n_rows = tf.shape(inputs["audio"])[0]
        bags = pool(entries, inputs["weights"], inputs["segments"], n_rows * N_BAGS, self.ridge)
        return tf.reshape(unit(bags), [n_rows, N_BAGS, bags.shape[1]])

    def heads(self, pooled: Tensor, audio: Tensor) -> tuple[Tensor, Tensor]:
        """User and candidate vectors, each [n, dim].

        `pooled` is [n, N_BAGS, table_dim], `audio` [n, AUDIO_WIDTH].
        """
        parts = self._parts(pooled, audio)
        return self.user(parts), self.candidate(parts)

    def _parts(self, pooled: Tensor, audio: Tensor) -> Tensor:
        """Pooled vectors and audio: [n, N_BAGS + 1, table_dim]."""
        return tf.concat([pooled, self.audio(audio)[:, tf.newaxis]], axis=1)

    def shown(self, parts: Tensor) -> Tensor:
        """Parts [n, N_BAGS + 1, table_dim] with some hidden at random, as listeners hide kinds of theirs.

        Artists and tracks are never hidden; nor is anything where there are none.
        """
        has_items = tf.reduce_any(tf.not_equal(parts[:, :1], 0.0), axis=2)
        drawn = tf.random.uniform(tf.shape(parts)[:2]) >= self.hide_part
        is_items = tf.range(tf.shape(parts)[1])[tf.newaxis] == 0
        kept = drawn | is_items | tf.logical_not(has_items)
        return parts * tf.cast(kept, parts.dtype)[:, :, tf.newaxis]

    def call(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """User and candidate vectors, each [n_views * n, dim], of `views.make_batch`."""
        return self.heads(self.pooled(inputs), inputs["audio"])

    def compute_loss(self, inputs: Mapping[str, Tensor], training: bool = False) -> Tensor:
        """Mean softmax loss of both directions, for two views.

        The user tower gets all of a view, the candidate tower what is `shown` of it.

        Optional inputs: `sample_weight` [n], and `mask` [n, n] of allowed negatives (see
        `pairs.PairedSteps`).
        """
        del training
        parts = self._parts(self.pooled(inputs), inputs["audio"])
        user, candidate = self.user(parts), self.candidate(self.shown(parts))
        half = tf.sqrt(0.5)
        first = tf.concat(tf.split(user, 2)[:1] + tf.split(candidate, 2)[:1], axis=1) * half
        second = tf.concat(tf.split(candidate, 2)[1:] + tf.split(user, 2)[1:], axis=1) * half
        mask = inputs.get("mask")
        forward = self._softmax_loss(first, second, inputs, mask)
        backward = self._softmax_loss(second, first, inputs, None if mask is None else tf.transpose(mask))
        return (forward + backward) / (2.0 * tf.cast(tf.shape(first)[0], tf.float32))

    def _softmax_loss(
        self, queries: Tensor, candidates: Tensor, inputs: Mapping[str, Tensor], mask: Tensor | None
    ) -> Tensor:
        return self.task(
            queries,
            candidates,
            sample_weight=inputs.get("sample_weight"),
            candidate_ids=inputs["ids"],
            score_mask=mask,
            compute_metrics=False,
            compute_batch_metrics=False,
        )
