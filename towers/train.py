"""Training of the two towers on listeners' profiles."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matcher.errors import InputError
from matcher.listening import require_trainable
from matcher.ports import Progress, Report
from matcher.profile import ListenerProfile
from matcher.vectors import Floats, TowerVectors
from towers.artefact import Artefact, pack_artefact
from towers.backend import tf, tf_keras
from towers.config import TowerConfig
from towers.export import ServingTowers, export_towers
from towers.features import AUDIO_WIDTH, FeatureBatch, FeatureMaker, measure_audio
from towers.mentions import Ids, Mentions, Tags, collect_mentions
from towers.metrics import mean_reciprocal_rank, symmetric_scores, true_ranks
from towers.model import ItemTable, TwoTowers
from towers.sound import Attributes, SoundMentions, collect_sound
from towers.table import factorise
from towers.views import Arrays, Cells, batch_of, batches, sample_views, usable_rows
from towers.vocabulary import NAMED, Field, Vocabulary, build_vocabulary

_FEWEST_WATCHERS = 20


@dataclass(frozen=True, slots=True, eq=False)
class TrainedTowers:
    """Towers fresh from training.

    Attributes:
        artefact: everything that is kept of them.
        serving: the towers in TensorFlow, as they were exported.
    """

    artefact: Artefact
    serving: ServingTowers

    def embed_features(self, features: FeatureBatch) -> TowerVectors:
        """Vectors as TensorFlow computes them; serving uses `LiteRtEmbedder`."""
        found = self.serving.embed(features.tokens, features.weights, features.audio)
        return TowerVectors(found["user"].numpy(), found["candidate"].numpy())


def _silent(_: Progress) -> None:
    """Progress that nobody watches."""


def train(
    profiles: Sequence[ListenerProfile],
    config: TowerConfig | None = None,
    *,
    artist_tags: Tags | None = None,
    attributes: Attributes | None = None,
    report: Report = _silent,
    clock_s: Callable[[], float] = time.perf_counter,
) -> TrainedTowers:
    """Train both towers so that two views of one listener meet and different listeners part.

    The same profiles, configuration and machine give the same towers. The random state of TensorFlow,
    numpy and Python is set, and TensorFlow is told to be deterministic from then on.

    Args:
        profiles: the training listeners; those without music are left out.
        config: how to build and train; the defaults when left out.
        artist_tags: tags by canonical artist key, so that a view has the tags of its own artists.
        attributes: audio attributes by canonical track key, so that a view has the sound of its own tracks.
        report: told about every epoch, as step "train".
        clock_s: seconds of a steady clock.

    Raises:
        UntrainableSource: a profile came from the Spotify Web API.
        InputError: no profile has any music.
    """
    for profile in profiles:
        require_trainable(profile.source)
    config = config or TowerConfig()
    started_s = clock_s()
    tf_keras.utils.set_random_seed(config.seed)
    tf.config.experimental.enable_op_determinism()
    fitted, watchers = _part_watchers(_with_music(profiles), config)
    ground = _Ground.of(fitted, config, artist_tags or {}, attributes or {})
    watch = ground.cells_of(watchers, artist_tags or {}, attributes or {}) if watchers else None
    course = _Course(ground, watch, config, report)
    course.run()
    metrics = {
        "n_listeners": len(fitted),
        "n_watchers": len(watchers),
        "n_tokens": {one.name.lower(): len(ground.maker.vocabulary.keys[one]) for one in NAMED},
        "best_epoch": course.best_epoch,
        "watch_mrr": course.watch_mrr,
        "losses": course.losses,
        "seconds": round(clock_s() - started_s, 3),
    }
    return _finish(course.model, ground, config, metrics)


def _with_music(profiles: Sequence[ListenerProfile]) -> list[ListenerProfile]:
    found = [profile for profile in profiles if not profile.is_empty]
    if not found:
        raise InputError("there is no listening to train on: every listener is without artists and tracks")
    return found


def _part_watchers(
    profiles: list[ListenerProfile], config: TowerConfig
) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    """Listeners to train on, and those who only watch; nobody watches where listeners are few."""
    n_watchers = min(int(len(profiles) * config.holdout_share), config.holdout_most)
    if n_watchers < _FEWEST_WATCHERS:
        return profiles, []
    order = np.random.default_rng(config.seed).permutation(len(profiles))
    chosen = set(order[:n_watchers].tolist())
    parts: tuple[list[ListenerProfile], list[ListenerProfile]] = ([], [])
    for place, profile in enumerate(profiles):
        parts[place in chosen].append(profile)
    return parts


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What training stands on: features, listeners as arrays, embeddings to begin with."""

    maker: FeatureMaker
    cells: Cells
    items: ItemTable

    @classmethod
    def of(
        cls, profiles: list[ListenerProfile], config: TowerConfig, tags: Tags, attributes: Attributes
    ) -> "_Ground":
        vocabulary = build_vocabulary(profiles, config)
        mentions = collect_mentions(profiles, vocabulary, tags)
        sound = collect_sound(profiles, attributes)
        links = factorise(mentions, token_fields(vocabulary), config.table_dim, config.seed)
        maker = FeatureMaker(vocabulary, measure_audio(sound.whole), config.idf_power, config.bag_width)
        cells = cells_of(maker, mentions, sound, config.seed, links.links)
        return cls(maker, cells, ItemTable(mentions, links, vocabulary.n_tokens, config.train_items))

    def cells_of(self, profiles: list[ListenerProfile], tags: Tags, attributes: Attributes) -> Cells:
        """The same for listeners who are not trained on: nothing of them is in the embeddings."""
        mentions = collect_mentions(profiles, self.maker.vocabulary, tags)
        return cells_of(self.maker, mentions, collect_sound(profiles, attributes), seed=0)


def cells_of(
    maker: FeatureMaker, mentions: Mentions, sound: SoundMentions, seed: int, own: Floats | None = None
) -> Cells:
    """Put together what is known of listeners' cells.

    Args:
        maker: gives tokens, weights and the audio scale.
        mentions: the listeners.
        sound: their tracks' audio attributes.
        seed: of the codes that tell views apart.
        own: [n_cells], what a listener has in its tokens' embeddings; nothing when left out.
    """
    vocabulary = maker.vocabulary
    rng = np.random.default_rng(seed)
    return Cells(
        mentions=mentions,
        sound=sound,
        scale=maker.scale,
        token_weights=maker.token_weights,
        token_fields=token_fields(vocabulary),
        token_codes=rng.integers(0, 2**64, vocabulary.n_tokens, dtype=np.uint64),
        own=np.zeros(len(mentions.cell_row), np.float32) if own is None else own,
    )


def token_fields(vocabulary: Vocabulary) -> Ids:
    """[n_tokens], the field of each token."""
    counts = [len(vocabulary.keys[one]) for one in NAMED] + [vocabulary.n_buckets]
    return np.repeat(np.asarray([*NAMED, Field.HASHED], np.int64), counts)


class _Schedule(tf_keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Rises from 0 over the first steps, then falls to 3 % of it in a straight line."""

    def __init__(self, config: TowerConfig, n_steps: int) -> None:
        super().__init__()
        self._highest, self._n_steps = config.learning_rate, float(max(1, n_steps))
        self._warm = max(config.warm_share, 1e-9)

    def __call__(self, step: Any) -> Any:
        done = (tf.cast(step, tf.float32) + 1.0) / self._n_steps
        return self._highest * tf.minimum(1.0, done / self._warm) * (1.0 - 0.97 * done)


@dataclass
class _Course:
    """One run of training: epochs, and which of them was best for the listeners who watch."""

    ground: _Ground
    watch: Cells | None
    config: TowerConfig
    report: Report
    losses: list[float] = field(default_factory=list)
    watch_mrr: list[float] = field(default_factory=list)
    best_epoch: int = 0

    def __post_init__(self) -> None:
        self.model = TwoTowers(self.ground.items, self.config)
        self._rng = np.random.default_rng(self.config.seed)
        self._watch_batch = self._draw_watch_batch()
        self._best: list[Floats] = []
        n_listeners = self.ground.cells.mentions.n_rows
        self._n_epochs = self.config.epochs_for(n_listeners)
        self._batch_size = self.config.batch_size_for(n_listeners)
        self._build()

    def _draw_watch_batch(self) -> Arrays | None:
        if self.watch is None:
            return None
        views = sample_views(self.watch, self.config, np.random.default_rng(self.config.seed))
        return batch_of(self.watch, views, usable_rows(self.watch, views))

    def _build(self) -> None:
        cells = self.ground.cells
        n_steps = self._n_epochs * -(-cells.mentions.n_rows // self._batch_size)
        views = sample_views(cells, self.config, np.random.default_rng(self.config.seed))
        self.model(batch_of(cells, views, np.arange(min(2, cells.mentions.n_rows))))
        optimizer = tf_keras.optimizers.Adam(_Schedule(self.config, n_steps))
        optimizer.build(self.model.trainable_variables)
        self.model.compile(optimizer=optimizer)
        self._step = tf.function(self.model.train_step, input_signature=[_SPECS])
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
        cells = self.ground.cells
        views = sample_views(cells, self.config, self._rng)
        rows = self._rng.permutation(usable_rows(cells, views))
        steps = batches(cells, views, rows, self._batch_size)
        losses = [self._step(one)["loss"].numpy() for one in steps if len(one["ids"]) > 1]
        return round(float(np.mean(losses)), 6) if losses else 0.0

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


def _finish(
    model: TwoTowers, ground: _Ground, config: TowerConfig, metrics: Mapping[str, Any]
) -> TrainedTowers:
    vocabulary = ground.maker.vocabulary
    table = _fill_buckets(model.items.folded(), vocabulary, config.seed)
    heads = {**_named(model.user), **_named(model.candidate), **_named(model.audio)}
    serving = ServingTowers(model, table)
    artefact = pack_artefact(
        config,
        vocabulary,
        ground.maker.scale,
        {"items": table, **heads},
        export_towers(serving, config.bag_width),
        metrics,
    )
    return TrainedTowers(artefact, serving)


def _named(layer: Any) -> dict[str, Floats]:
    return {f"{layer.name}_{place}": variable.numpy() for place, variable in enumerate(layer.variables)}


def _fill_buckets(table: Floats, vocabulary: Vocabulary, seed: int) -> Floats:
    """Give buckets that no training listener fell into a random direction, so that they still tell apart."""
    rng = np.random.default_rng(seed)
    random = rng.normal(size=(vocabulary.n_buckets, table.shape[1]))
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    buckets = table[vocabulary.first_bucket :]
    empty = ~buckets.any(axis=1, keepdims=True)
    filled = np.where(empty, random, buckets).astype(np.float32)
    return np.concatenate([table[: vocabulary.first_bucket], filled])
