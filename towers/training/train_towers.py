"""Training of the two towers on listeners' profiles."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.errors import InputError
from matcher.listening import require_trainable
from matcher.ports import Report, silent
from matcher.profile import ListenerProfile
from matcher.vectors import Floats, TowerVectors
from towers.config import TowerConfig
from towers.examples.audio_summaries import Attributes, collect_sound
from towers.examples.interactions import Tags, collect_mentions
from towers.examples.pairs import Pairs, ScoredPair
from towers.examples.views import Cells, cells_of
from towers.features.feature_maker import FeatureBatch, FeatureMaker, measure_audio
from towers.features.vocabulary import NAMED, Vocabulary, build_vocabulary
from towers.model.backend import tf, tf_keras
from towers.model.export import ServingTowers, export_towers
from towers.model.item_table import factorise
from towers.model.two_towers import ItemTable, TwoTowers
from towers.serving.artefact import Artefact, pack_artefact
from towers.training.fit import Course

_FEWEST_WATCHERS = 50


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


def train(
    profiles: Sequence[ListenerProfile],
    config: TowerConfig | None = None,
    *,
    artist_tags: Tags | None = None,
    attributes: Attributes | None = None,
    pairs: Sequence[ScoredPair] = (),
    report: Report = silent,
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
        pairs: listeners who belong together, with a score; weighted positives beside the views where both
            are training listeners and the score is above 0 (see `pairs.PairedSteps`).
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
    known = Pairs.of(pairs, [one.listener_id for one in fitted])
    course = Course(TwoTowers(ground.items, config), ground.cells, watch, config, report, known)
    course.run()
    metrics = {
        "n_listeners": len(fitted),
        "n_watchers": len(watchers),
        "n_tokens": {one.name.lower(): len(ground.maker.vocabulary.keys[one]) for one in NAMED},
        "best_epoch": course.best_epoch,
        "watch_mrr": course.watch_mrr,
        "losses": course.losses,
        **({"n_pairs": len(known)} if pairs else {}),
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
        links = factorise(mentions, vocabulary.token_fields, config.table_dim, config.seed)
        maker = FeatureMaker(vocabulary, measure_audio(sound.whole), config.idf_power, config.bag_width)
        cells = cells_of(maker, mentions, sound, config.seed, links.links)
        return cls(maker, cells, ItemTable(mentions, links, vocabulary.n_tokens, config.train_items))

    def cells_of(self, profiles: list[ListenerProfile], tags: Tags, attributes: Attributes) -> Cells:
        """The same for listeners who are not trained on: nothing of them is in the embeddings."""
        mentions = collect_mentions(profiles, self.maker.vocabulary, tags)
        return cells_of(self.maker, mentions, collect_sound(profiles, attributes), seed=0)


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
