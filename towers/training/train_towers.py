"""Training of the two towers on listeners' profiles."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher.domain.listening import require_trainable
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.errors import InputError
from matcher.ports import Report, ScoredPair, silent
from towers.config import TowerConfig
from towers.examples.audio_summaries import Attributes, collect_track_audio
from towers.examples.interactions import Tags, collect_interactions
from towers.examples.pairs import PositivePairs
from towers.examples.views import Dataset, make_dataset
from towers.features.feature_maker import FeatureMaker, fit_audio_standardiser
from towers.features.names import NameVectors
from towers.features.vocabulary import NAMED_FIELDS, Vocabulary, build_vocabulary
from towers.model.backend import tf, tf_keras
from towers.model.export import ServingTowers, export_towers
from towers.model.item_table import ItemTable, factorise
from towers.model.two_towers import TwoTowers
from towers.serving.artefact import NAMES, Artefact, pack_artefact, write_arrays
from towers.training.fit import TrainingLoop
from towers.training.names import learn_names

_MIN_VALIDATION = 50
"""With fewer validation listeners, all are trained on, without early stopping."""
MIN_NAMES = 100
"""With fewer named items, names tell nothing."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TrainedTowers:
    """Files of the model, and the towers in TensorFlow as exported."""

    artefact: Artefact
    serving: ServingTowers


def train_towers(
    profiles: Sequence[ListenerProfile],
    config: TowerConfig | None = None,
    *,
    artist_tags: Tags | None = None,
    attributes: Attributes | None = None,
    pairs: Sequence[ScoredPair] = (),
    report: Report = silent,
    clock_s: Callable[[], float] = time.perf_counter,
) -> TrainedTowers:
    """Train both towers to match views of one listener, and separate listeners.

    The same profiles, configuration and machine give the same towers: the random states of TensorFlow, numpy
    and Python are set, and TensorFlow's deterministic mode is switched on for the process.

    `artist_tags` and `attributes`, by canonical key, give a view the tags and audio of its own artists and
    tracks. `pairs` with a score above 0 are weighted positives. Empty profiles are ignored.

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
    training, validation = _split_validation(_with_music(profiles), config)
    inputs = _Inputs.of(training, config, artist_tags or {}, attributes or {})
    held_out = inputs.dataset_of(validation, artist_tags or {}, attributes or {}) if validation else None
    positives = PositivePairs.of(pairs, [profile.listener_id for profile in training])
    loop = TrainingLoop(TwoTowers(inputs.items, config), inputs.dataset, held_out, config, report, positives)
    loop.run()
    keys = inputs.maker.vocabulary.keys
    metrics = {
        "n_listeners": len(training),
        "n_watchers": len(validation),
        "n_tokens": {field.name.lower(): len(keys[field]) for field in NAMED_FIELDS},
        "best_epoch": loop.best_epoch,
        "watch_mrr": loop.validation_mrr,  # these two names are in the files of stored models
        "losses": loop.losses,
        **({"n_pairs": len(positives)} if pairs else {}),
        "seconds": round(clock_s() - started_s, 3),
    }
    return _export(loop.model, inputs, replace(config, ridge=loop.model.ridge), metrics)


def _with_music(profiles: Sequence[ListenerProfile]) -> list[ListenerProfile]:
    with_music = [profile for profile in profiles if not profile.is_empty]
    if not with_music:
        raise InputError("there is no listening to train on: every listener is without artists and tracks")
    return with_music


def _split_validation(
    profiles: list[ListenerProfile], config: TowerConfig
) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    n_validation = min(int(len(profiles) * config.holdout_share), config.holdout_most)
    if n_validation < _MIN_VALIDATION:
        return profiles, []
    order = np.random.default_rng(config.seed).permutation(len(profiles))
    chosen = set(order[:n_validation].tolist())
    parts: tuple[list[ListenerProfile], list[ListenerProfile]] = ([], [])
    for row, profile in enumerate(profiles):
        parts[row in chosen].append(profile)
    return parts


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """Features, training listeners, and item table."""

    maker: FeatureMaker
    dataset: Dataset
    items: ItemTable

    @classmethod
    def of(
        cls, profiles: list[ListenerProfile], config: TowerConfig, tags: Tags, attributes: Attributes
    ) -> "_Inputs":
        vocabulary = build_vocabulary(profiles, config)
        interactions = collect_interactions(profiles, vocabulary, tags)
        track_audio = collect_track_audio(profiles, attributes)
        graph = factorise(interactions, vocabulary.token_fields, config.table_dim, config.seed)
        standardiser = fit_audio_standardiser(track_audio.summaries)
        maker = FeatureMaker(vocabulary, standardiser, config.idf_power, config.bag_width)
        dataset = make_dataset(maker, interactions, track_audio, config.seed, graph.edges)
        return cls(maker, dataset, ItemTable(interactions, graph, vocabulary.n_tokens, config.train_items))

    def dataset_of(self, profiles: list[ListenerProfile], tags: Tags, attributes: Attributes) -> Dataset:
        """A dataset of listeners who are not in the item table."""
        interactions = collect_interactions(profiles, self.maker.vocabulary, tags)
        return make_dataset(self.maker, interactions, collect_track_audio(profiles, attributes), seed=0)


def _export(
    model: TwoTowers, inputs: _Inputs, config: TowerConfig, metrics: Mapping[str, Any]
) -> TrainedTowers:
    vocabulary = inputs.maker.vocabulary
    names, added = _learn_names(model, vocabulary, config)
    table = _fill_buckets(model.items.folded(added), vocabulary, config.seed)
    heads = {**_weights_of(model.user), **_weights_of(model.candidate), **_weights_of(model.audio)}
    serving = ServingTowers(model)
    artefact = pack_artefact(
        config,
        vocabulary,
        inputs.maker.standardiser,
        {"items": table, **heads},
        export_towers(serving, config),
        metrics,
    )
    if names is not None:
        artefact = artefact.with_file(NAMES, write_arrays(names.to_arrays()))
    return TrainedTowers(artefact, serving)


def _learn_names(
    model: TwoTowers, vocabulary: Vocabulary, config: TowerConfig
) -> tuple[NameVectors | None, Floats | float]:
    """What names tell of items nobody had; and, of each token, what to add to its vector.

    The fewer listeners an item has, the shorter is its vector, and the more its name counts.
    """
    tokens, keys = vocabulary.named
    if not config.names or len(tokens) < MIN_NAMES:
        return None, 0.0
    degree = np.expm1(model.items.log_degree.numpy()[tokens])
    lengths = np.linalg.norm(model.items.raw().numpy()[tokens], axis=1)
    learned = learn_names(keys, model.items.folded()[tokens], np.sqrt(degree))
    length = config.names * float(np.median(lengths[degree < degree.min() + 0.5]))
    if length < _TINY:
        return None, 0.0
    added = np.zeros((vocabulary.n_tokens, config.table_dim), np.float32)
    added[tokens] = length * learned.expected
    bounded = length / (length + float(np.exp(model.items.softness.numpy())))
    return NameVectors(learned.rows, bounded), added


def _weights_of(layer: Any) -> dict[str, Floats]:
    return {f"{layer.name}_{number}": variable.numpy() for number, variable in enumerate(layer.variables)}


def _fill_buckets(table: Floats, vocabulary: Vocabulary, seed: int) -> Floats:
    """Give unused buckets random directions, so that unknown items still differ."""
    rng = np.random.default_rng(seed)
    random = rng.normal(size=(vocabulary.n_buckets, table.shape[1]))
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    buckets = table[vocabulary.first_bucket :]
    empty = ~buckets.any(axis=1, keepdims=True)
    filled = np.where(empty, random, buckets).astype(np.float32)
    return np.concatenate([table[: vocabulary.first_bucket], filled])
