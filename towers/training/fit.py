"""Training loop of the towers: steps, epochs, validation, early stopping."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matcher.domain.vectors import Floats
from matcher.ports import Progress, Report
from towers.config import TowerConfig
from towers.examples.interactions import Ids
from towers.examples.pairs import PairedSteps, PositivePairs
from towers.examples.views import Arrays, Dataset, View, batches, make_batch, sample_views, usable_rows
from towers.features.feature_maker import AUDIO_WIDTH
from towers.metrics import mean_reciprocal_rank, symmetric_scores, true_ranks
from towers.model.backend import tf, tf_keras
from towers.model.two_towers import TwoTowers

RIDGES = (0.3, 1.0, 3.0, 10.0)
"""Values of λ of the pooling to choose from."""
_MAX_FOR_RIDGE = 1_000


class Schedule(tf_keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Learning rate with linear warm-up from 0 and linear decay to 3 % of the peak."""

    def __init__(self, config: TowerConfig, n_steps: int) -> None:
        super().__init__()
        self._peak, self._n_steps = config.learning_rate, float(max(1, n_steps))
        self._warm_up = max(config.warm_share, 1e-9)

    def __call__(self, step: Any) -> Any:
        """Learning rate of a step, counted from 0."""
        done = (tf.cast(step, tf.float32) + 1.0) / self._n_steps
        return self._peak * tf.minimum(1.0, done / self._warm_up) * (1.0 - 0.97 * done)


@dataclass
class TrainingLoop:
    """One run of training with early stopping.

    Attributes:
        model: the towers; after `run` with the weights of the best epoch.
        validation: held-out listeners; None to train without early stopping.
        pairs: training listeners who belong together, or None.
        losses: mean loss of each epoch, over steps of views and of pairs.
        validation_mrr: MRR of finding a validation listener's other view, before training and at each check.
        best_epoch: the epoch whose weights are used; 0 for the untrained towers.
    """

    model: TwoTowers
    training: Dataset
    validation: Dataset | None
    config: TowerConfig
    report: Report
    pairs: PositivePairs | None = None
    losses: list[float] = field(default_factory=list)
    validation_mrr: list[float] = field(default_factory=list)
    best_epoch: int = 0

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.config.seed)
        self._validation_batch = self._make_validation_batch()
        self._best_weights: list[Floats] = []
        n_listeners = self.training.interactions.n_rows
        self._n_epochs = self.config.epochs_for(n_listeners)
        self._batch_size = self.config.batch_size_for(n_listeners)
        self._paired = PairedSteps(self.training, self.pairs, self.config) if self.pairs else None
        self._build()

    def _choose_ridge(self) -> None:
        """Choose λ of the pooling, if the configuration does not, by halves of training listeners.

        Training is leave-one-out, so that halves of training listeners are like those of others.
        """
        rng = np.random.default_rng(self.config.seed)
        views = sample_views(self.training, self.config, rng)
        rows = rng.permutation(usable_rows(self.training, views))[:_MAX_FOR_RIDGE]
        if self.config.ridge or len(rows) < 2:
            return
        batch, mrr = make_batch(self.training, views, rows), {}
        for self.model.ridge in RIDGES:
            mrr[self.model.ridge] = self._mrr_of(*(vectors.numpy() for vectors in self.model(batch)))
        self.model.ridge = max(mrr, key=lambda ridge: mrr[ridge])

    def _make_validation_batch(self) -> Arrays | None:
        if self.validation is None:
            return None
        views = sample_views(self.validation, self.config, np.random.default_rng(self.config.seed))
        return make_batch(self.validation, views, usable_rows(self.validation, views))

    def _build(self) -> None:
        n_listeners = self.training.interactions.n_rows
        n_steps = self._n_epochs * -(-n_listeners // self._batch_size)
        if self._paired is not None:
            n_steps += int(n_steps * self.config.pair_share)
        views = sample_views(self.training, self.config, np.random.default_rng(self.config.seed))
        self.model(make_batch(self.training, views, np.arange(min(2, n_listeners))))
        self._choose_ridge()
        optimizer = tf_keras.optimizers.Adam(Schedule(self.config, n_steps))
        optimizer.build(self.model.trainable_variables)
        self.model.compile(optimizer=optimizer)
        specs = _SPECS if self._paired is None else _PAIRED_SPECS
        self._step = tf.function(self.model.train_step, input_signature=[specs])
        self._embed = tf.function(self.model.call, input_signature=[_SPECS])

    def run(self) -> None:
        """Train for all epochs, or until validation stops improving."""
        start = self.model.get_weights()
        self._validate(0)
        for epoch in range(1, self._n_epochs + 1):
            self.losses.append(self._epoch())
            self.report(Progress("train", epoch, self._n_epochs))
            if epoch % self.config.check_every == 0 or epoch == self._n_epochs:
                self._validate(epoch)
            if self._out_of_patience(epoch):
                break
        if self._best_weights:
            self.model.set_weights(self._best_weights)
        else:
            self.best_epoch = len(self.losses)
        self._return_towards(start)

    def _return_towards(self, start: Sequence[Floats]) -> None:
        """Mix the weights with those before training.

        Training fits the towers to its own halves; what is between them and the start is better on other
        tasks and on listeners of another kind (M. Wortsman et al., "Robust fine-tuning of zero-shot models",
        CVPR 2022).
        """
        share = self.config.start_share
        mixed = [
            share * before + (1.0 - share) * after
            for before, after in zip(start, self.model.get_weights(), strict=True)
        ]
        self.model.set_weights(mixed)

    def _epoch(self) -> float:
        views = sample_views(self.training, self.config, self._rng)
        rows = self._rng.permutation(usable_rows(self.training, views))
        # a batch of one listener has no negatives
        steps = (step for step in self._steps(views, rows) if len(step["ids"]) > 1)
        losses = [self._step(step)["loss"].numpy() for step in steps]
        return round(float(np.mean(losses)), 6) if losses else 0.0

    def _steps(self, views: tuple[View, View], rows: Ids) -> Iterator[Arrays]:
        if self._paired is None:
            return batches(self.training, views, rows, self._batch_size)
        return self._paired.steps(views, rows, self._batch_size)

    def _validate(self, epoch: int) -> None:
        if self._validation_batch is None:
            return
        user, candidate = (vectors.numpy() for vectors in self._embed(self._validation_batch))
        mrr = self._mrr_of(user, candidate)
        if mrr > max(self.validation_mrr, default=-1.0):
            self.best_epoch, self._best_weights = epoch, self.model.get_weights()
        self.validation_mrr.append(mrr)

    @staticmethod
    def _mrr_of(user: Floats, candidate: Floats) -> float:
        n_rows = len(user) // 2
        scores = symmetric_scores((user[:n_rows], user[n_rows:]), (candidate[:n_rows], candidate[n_rows:]))
        return round(mean_reciprocal_rank(true_ranks(scores)), 6)

    def _out_of_patience(self, epoch: int) -> bool:
        waited = epoch - self.best_epoch
        return self._validation_batch is not None and waited >= self.config.patience * self.config.check_every


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
