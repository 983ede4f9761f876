"""The two towers: shared item embeddings, two heads, and the retrieval task that trains them together."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp

from matcher.vectors import Floats
from towers.config import TowerConfig
from towers.examples.interactions import Mentions
from towers.features.feature_maker import AUDIO_WIDTH, N_AUDIO, N_FIELDS
from towers.model.backend import tf, tf_keras, tfrs
from towers.model.distances import ending, free_dims, unit
from towers.model.item_table import TRUST, ItemLinks

Tensor = Any
"""TensorFlow is not typed; shapes stand in the docstrings."""

_TINY = 1e-12
_AUDIO_TRUST = 0.5
_AUDIO_UNITS = 32
_FIRST_NOISE = 1e-2


class ItemTable(tf_keras.layers.Layer):  # type: ignore[misc]
    """Embeddings of all tokens, made of the training listeners that have them: links' transpose · factors.

    What is learned are the listeners' factors. In training, the part that a listener itself has in an
    embedding is taken out before the listener is embedded: otherwise its two views would meet through
    what the table remembers of them, and nothing would carry over to new listeners.

    Args:
        mentions: the training listeners.
        links: the normalised graph and its factors.
        trained: whether the factors are learned further.
    """

    def __init__(self, mentions: Mentions, links: ItemLinks, n_tokens: int, trained: bool) -> None:
        super().__init__(name="items")
        self._links = _transposed(mentions, links, n_tokens)
        degree = np.bincount(mentions.cell_token, minlength=n_tokens)
        self._fixed = None if trained else tf.sparse.sparse_dense_matmul(self._links, links.factors)
        self._log_degree = tf.constant(np.log1p(degree), tf.float32)
        self.factors = self.add_weight(
            name="factors",
            shape=links.factors.shape,
            initializer=tf_keras.initializers.Constant(links.factors),
            trainable=trained,
        )
        self.softness = self.add_weight(name="softness", initializer=_constant(np.log(0.03)))
        self.degree_power = self.add_weight(name="degree_power", initializer=_constant(0.0))

    def raw(self) -> Tensor:
        """[n_tokens, table_dim], embeddings before their length is bounded."""
        if self._fixed is not None:
            return self._fixed
        return tf.sparse.sparse_dense_matmul(self._links, self.factors)

    def bounded(self, raw: Tensor, tokens: Tensor) -> Tensor:
        """[n, table_dim] embeddings, shorter than what the token weighs; thin ones are shorter still.

        Args:
            raw: [n, table_dim].
            tokens: [n].
        """
        length = tf.sqrt(tf.reduce_sum(raw * raw, axis=-1, keepdims=True) + _TINY)
        gain = tf.exp(self.degree_power * tf.gather(self._log_degree, tokens))
        return raw / (length + tf.exp(self.softness)) * gain[:, tf.newaxis]

    def call(self, tokens: Tensor, own: Tensor, listeners: Tensor) -> Tensor:
        """[n, table_dim] embeddings without the part that the listener itself has in them.

        Args:
            tokens: [n] int32.
            own: [n], the link of listener and token; 0 for listeners who were not trained on.
            listeners: [n] int32, rows of the training listeners.
        """
        mine = own[:, tf.newaxis] * tf.gather(self.factors, listeners)
        return self.bounded(tf.gather(self.raw(), tokens) - mine, tokens)

    def folded(self) -> Floats:
        """[n_tokens, table_dim] float32, the embeddings as serving has them."""
        raw = self.raw()
        return np.asarray(self.bounded(raw, tf.range(tf.shape(raw)[0])), np.float32)


def _constant(value: float | Floats) -> Any:
    return tf_keras.initializers.Constant(value)


def _transposed(mentions: Mentions, links: ItemLinks, n_tokens: int) -> Tensor:
    matrix = sp.csr_array(
        (links.links, (mentions.cell_token, mentions.cell_row)), shape=(n_tokens, mentions.n_rows)
    ).tocoo()
    places = np.column_stack(matrix.coords).astype(np.int64)
    return tf.sparse.reorder(tf.SparseTensor(places, matrix.data, matrix.shape))


class AudioEncoder(tf_keras.layers.Layer):  # type: ignore[misc]
    """Brings audio features into the space of the item embeddings, at unit length; zero where unknown."""

    def __init__(self, table_dim: int) -> None:
        super().__init__(name="audio")
        self._inner = tf_keras.layers.Dense(_AUDIO_UNITS, activation="relu", name="inner")
        self._outer = tf_keras.layers.Dense(table_dim, name="outer")

    def call(self, audio: Tensor) -> Tensor:
        """[n, table_dim] of audio features [n, AUDIO_WIDTH]."""
        known = tf.reduce_max(audio[:, AUDIO_WIDTH - N_AUDIO :], axis=1, keepdims=True)
        return unit(self._outer(self._inner(audio))) * known


class Tower(tf_keras.layers.Layer):  # type: ignore[misc]
    """One head: parts of a profile to a vector, even when there is no part at all.

    It starts as the sum of the parts, each weighed by the trust in its field, so that what the SVD knows
    holds from the first step.

    Args:
        name: "user" or "candidate".
        config: `dim`, `table_dim`, `hidden` and `distance` are used.
    """

    def __init__(self, name: str, config: TowerConfig) -> None:
        super().__init__(name=name)
        seed = 2 * config.seed + (name == "candidate")
        self._width = (N_FIELDS + 1) * config.table_dim
        self._direct = tf_keras.layers.Dense(
            free_dims(config.distance, config.dim),
            name="direct",
            kernel_initializer=_constant(_first_kernel(config, seed)),
            bias_initializer=tf_keras.initializers.RandomNormal(stddev=1e-3, seed=seed),
        )
        self._bend = _bend(config) if config.hidden else None
        self._ending = ending(config.distance, is_user=name == "user")

    def call(self, parts: Tensor) -> Tensor:
        """[n, dim], rows as `distances` ends them, of parts [n, N_FIELDS + 1, table_dim]."""
        flat = tf.reshape(parts, [-1, self._width])
        straight = self._direct(flat)
        return self._ending(straight + self._bend(flat) if self._bend else straight)


def _bend(config: TowerConfig) -> Any:
    """A residual layer that adds nothing until it has learned something."""
    inner = tf_keras.layers.Dense(config.hidden, activation="relu", name="inner")
    n_free = free_dims(config.distance, config.dim)
    back = tf_keras.layers.Dense(n_free, kernel_initializer="zeros", use_bias=False, name="back")
    return tf_keras.Sequential([inner, back], name="bend")


def _first_kernel(config: TowerConfig, seed: int) -> Floats:
    trust = np.append(TRUST, _AUDIO_TRUST)
    n_free = free_dims(config.distance, config.dim)
    eye = np.eye(config.table_dim, n_free)
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, _FIRST_NOISE, (len(trust) * config.table_dim, n_free))
    return np.asarray(np.vstack([one * eye for one in trust]) + noise, np.float32)


class TwoTowers(tfrs.Model):  # type: ignore[misc]
    """User tower and candidate tower, trained so that two views of one listener find each other.

    The loss is that of the score which is served: s(a, b) = ½ (U(a)·C(b) + U(b)·C(a)), as a softmax over
    the other listeners of the batch (Yi et al., "Sampling-bias-corrected neural modeling for large corpus
    item recommendations", RecSys 2019), from a to b and from b to a. Listeners whose second view is the
    same are not held against each other (accidental hits).
    """

    def __init__(self, table: ItemTable, config: TowerConfig) -> None:
        super().__init__(name="towers")
        self.items = table
        self.audio = AudioEncoder(config.table_dim)
        self.user = Tower("user", config)
        self.candidate = Tower("candidate", config)
        self.task = tfrs.tasks.Retrieval(temperature=config.temperature, remove_accidental_hits=True)

    def parts_of_cells(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """[n_views * n, N_FIELDS + 1, table_dim], parts at unit length, of the arrays of `views.batch_of`."""
        entries = self.items(inputs["tokens"], inputs["own"], inputs["listeners"])
        n_rows = tf.shape(inputs["audio"])[0]
        bags = tf.math.unsorted_segment_sum(
            entries * inputs["weights"][:, tf.newaxis], inputs["segments"], n_rows * N_FIELDS
        )
        shaped = tf.reshape(unit(bags), [n_rows, N_FIELDS, bags.shape[1]])
        return tf.concat([shaped, self.audio(inputs["audio"])[:, tf.newaxis]], axis=1)

    def parts_of_features(self, table: Tensor, tokens: Tensor, weights: Tensor, audio: Tensor) -> Tensor:
        """The same of a `FeatureBatch`, from the folded table [n_tokens, table_dim]."""
        entries = tf.gather(table, tokens)
        bags = unit(tf.reduce_sum(entries * weights[..., tf.newaxis], axis=2))
        return tf.concat([bags, self.audio(audio)[:, tf.newaxis]], axis=1)

    def call(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """User and candidate vectors, each [n_views * n, dim], of the arrays of `views.batch_of`."""
        parts = self.parts_of_cells(inputs)
        return self.user(parts), self.candidate(parts)

    def compute_loss(self, inputs: Mapping[str, Tensor], training: bool = False) -> Tensor:
        """Mean softmax loss of both directions, for two views.

        Where pairs are known, `sample_weight` [n] weighs the rows, and `mask` [n, n] says who may be held
        against whom (see `pairs.PairedSteps`).
        """
        del training
        user, candidate = self(inputs)
        half = tf.sqrt(0.5)
        first = tf.concat(tf.split(user, 2)[:1] + tf.split(candidate, 2)[:1], axis=1) * half
        second = tf.concat(tf.split(candidate, 2)[1:] + tf.split(user, 2)[1:], axis=1) * half
        mask = inputs.get("mask")
        there = self._softmax_loss(first, second, inputs, mask)
        back = self._softmax_loss(second, first, inputs, None if mask is None else tf.transpose(mask))
        return (there + back) / (2.0 * tf.cast(tf.shape(first)[0], tf.float32))

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
