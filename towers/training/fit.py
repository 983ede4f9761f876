"""The course of training: steps, epochs, and when to stop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matcher.ports import Progress, Report
from matcher.vectors import Floats
from towers.config import TowerConfig
from towers.examples.interactions import Ids
from towers.examples.pairs import PairedSteps, Pairs
from towers.examples.views import Arrays, Cells, View, batch_of, batches, sample_views, usable_rows
from towers.features.feature_maker import AUDIO_WIDTH
from towers.metrics import mean_reciprocal_rank, symmetric_scores, true_ranks
from towers.model.backend import tf, tf_keras
from towers.model.two_towers import TwoTowers


class Schedule(tf_keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Rises from 0 over the first steps, then falls to 3 % of it in a straight line."""

    def __init__(self, config: TowerConfig, n_steps: int) -> None:
        super().__init__()
        self._highest, self._n_steps = config.learning_rate, float(max(1, n_steps))
        self._warm = max(config.warm_share, 1e-9)

    def __call__(self, step: Any) -> Any:
        """The rate at a step, counted from 0."""
        done = (tf.cast(step, tf.float32) + 1.0) / self._n_steps
        return self._highest * tf.minimum(1.0, done / self._warm) * (1.0 - 0.97 * done)


@dataclass
class Course:
    """One run of training: epochs, and which of them was best for the listeners who watch.

    Attributes:
        model: the towers; after `run` with the weights of the best epoch.
        cells: the training listeners.
        watch: listeners who are not trained on; None when nobody watches.
        config: how to train.
        report: told about every epoch.
        pairs: training listeners who belong together; None where no pairs are known.
        losses: mean loss of each epoch, over steps of views and of pairs.
        watch_mrr: mean reciprocal rank of the watchers' halves, before training and after each look.
        best_epoch: the epoch whose weights were kept; 0 for the untrained towers.
    """

    model: TwoTowers
    cells: Cells
    watch: Cells | None
    config: TowerConfig
    report: Report
    pairs: Pairs | None = None
    losses: list[float] = field(default_factory=list)
    watch_mrr: list[float] = field(default_factory=list)
    best_epoch: int = 0

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.config.seed)
        self._watch_batch = self._draw_watch_batch()
        self._best: list[Floats] = []
        n_listeners = self.cells.mentions.n_rows
        self._n_epochs = self.config.epochs_for(n_listeners)
        self._batch_size = self.config.batch_size_for(n_listeners)
        self._paired = PairedSteps(self.cells, self.pairs, self.config) if self.pairs else None
        self._build()

    def _draw_watch_batch(self) -> Arrays | None:
        if self.watch is None:
            return None
        views = sample_views(self.watch, self.config, np.random.default_rng(self.config.seed))
        return batch_of(self.watch, views, usable_rows(self.watch, views))

    def _build(self) -> None:
        cells = self.cells
        n_steps = self._n_epochs * -(-cells.mentions.n_rows // self._batch_size)
        if self._paired is not None:
            n_steps += int(n_steps * self.config.pair_share)
        views = sample_views(cells, self.config, np.random.default_rng(self.config.seed))
        self.model(batch_of(cells, views, np.arange(min(2, cells.mentions.n_rows))))
        optimizer = tf_keras.optimizers.Adam(Schedule(self.config, n_steps))
        optimizer.build(self.model.trainable_variables)
        self.model.compile(optimizer=optimizer)
        specs = _SPECS if self._paired is None else _PAIRED_SPECS
        self._step = tf.function(self.model.train_step, input_signature=[specs])
        self._embed = tf.function(self.model.call, input_signature=[_SPECS])

    def run(self) -> None:
        """Train until the epochs are used up or the watchers have seen nothing better for a while."""
        self._look(0)
        for epoch in range(1, self._n_epochs + 1):
            self.losses.append(self._epoch())
            self.report(Progress("train", epoch, self._n_epochs))
            if epoch % self.config.check_every == 0 or epoch == self._n_epochs:
                self._look(epoch)
            if self._worn_out(epoch):
                break
        if self._best:
            self.model.set_weights(self._best)
        else:
            self.best_epoch = len(self.losses)

    def _epoch(self) -> float:
        cells = self.cells
        views = sample_views(cells, self.config, self._rng)
        rows = self._rng.permutation(usable_rows(cells, views))
        steps = self._steps(views, rows)
        losses = [self._step(one)["loss"].numpy() for one in steps if len(one["ids"]) > 1]
        return round(float(np.mean(losses)), 6) if losses else 0.0

    def _steps(self, views: tuple[View, View], rows: Ids) -> Iterator[Arrays]:
        if self._paired is None:
            return batches(self.cells, views, rows, self._batch_size)
        return self._paired.steps(views, rows, self._batch_size)

    def _look(self, epoch: int) -> None:
        if self._watch_batch is None:
            return
        user, candidate = (one.numpy() for one in self._embed(self._watch_batch))
        n_rows = len(user) // 2
        scores = symmetric_scores((user[:n_rows], user[n_rows:]), (candidate[:n_rows], candidate[n_rows:]))
        found = round(mean_reciprocal_rank(true_ranks(scores)), 6)
        if found > max(self.watch_mrr, default=-1.0):
            self.best_epoch, self._best = epoch, self.model.get_weights()
        self.watch_mrr.append(found)

    def _worn_out(self, epoch: int) -> bool:
        waited = epoch - self.best_epoch
        return self._watch_batch is not None and waited >= self.config.patience * self.config.check_every


_SPECS = {
    "tokens": tf.TensorSpec([None], tf.int32),
    "segments": tf.TensorSpec([None], tf.int32),
    "weights": tf.TensorSpec([None], tf.float32),
    "own": tf.TensorSpec([None], tf.float32),
    "listeners": tf.TensorSpec([None], tf.int32),
    "audio": tf.TensorSpec([None, AUDIO_WIDTH], tf.float32),
    "ids": tf.TensorSpec([None], tf.int64),
}
_PAIRED_SPECS = {
    **_SPECS,
    "sample_weight": tf.TensorSpec([None], tf.float32),
    "mask": tf.TensorSpec([None, None], tf.bool),
}
