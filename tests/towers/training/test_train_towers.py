"""Training: what the towers learn, and what they refuse to learn from."""

import dataclasses

import numpy as np
import pytest

from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.errors import InputError, UntrainableSource
from matcher.ports import Progress
from tests.towers.conftest import embed_with_tensorflow
from towers.config import TowerConfig
from towers.evaluation.rivals.baselines import BASELINES
from towers.features.pooling import BAGS
from towers.metrics import recall_at, symmetric_scores, true_ranks
from towers.serving.artefact import WEIGHTS, read_arrays
from towers.serving.embedder import LiteRtEmbedder
from towers.training.train_towers import train_towers


def heard(listener: str, *keys: str) -> ListenerProfile:
    hearings = tuple(Hearing(Part.PLAYS, artist_name=key) for key in keys)
    return build_profile(Listening(listener, Source.TABLE, hearings))


def recalls_of_halves(world, held_out, score) -> float:
    pairs = [world.halves(one) for one in held_out]
    return recall_at(true_ranks(score([a for a, _ in pairs], [b for _, b in pairs])), 10)


def tower_score(trained):
    embedder = LiteRtEmbedder(trained.artefact)

    def score(queries, candidates):
        a, b = embedder.embed(queries), embedder.embed(candidates)
        return symmetric_scores((a.user, b.user), (a.candidate, b.candidate))

    return score


def test_halves_of_listeners_never_seen_find_each_other(trained, world, held_out, profiles):
    towers = recalls_of_halves(world, held_out, tower_score(trained))
    for name in ("random", "popularity"):
        rival = BASELINES[name]()
        rival.fit(profiles)
        assert towers > 2 * recalls_of_halves(world, held_out, rival.score)


def test_a_listener_is_nearest_to_those_of_the_same_community(trained, world, held_out):
    profiles = [world.profile(one) for one in held_out]
    stored = LiteRtEmbedder(trained.artefact).embed(profiles)
    scores = stored.query @ stored.stored.T
    np.fill_diagonal(scores, -np.inf)
    community = np.asarray([world.community_of[profile.listener_id] for profile in profiles])
    assert (community[scores.argmax(axis=1)] == community).mean() > 0.95


def test_on_a_checkerboard_every_half_finds_its_own_colour(tiny_config):
    # black hears artists 0-19, white 20-39; each listener 8 of its colour; nobody hears both
    rng = np.random.default_rng(0)
    colours = [0, 1] * 60
    bags = [rng.choice(20, 8, replace=False) + 20 * colour for colour in colours]
    towers = train_towers(
        [heard(f"l{place}", *(f"artist {one}" for one in bag)) for place, bag in enumerate(bags[:80])],
        tiny_config,
    )
    first = [heard("a", *(f"artist {one}" for one in bag[:4])) for bag in bags[80:]]
    second = [heard("b", *(f"artist {one}" for one in bag[4:])) for bag in bags[80:]]
    scores = tower_score(towers)(first, second)
    colour = np.asarray(colours[80:])
    same = colour[:, None] == colour[None, :]
    assert scores[same].min() > scores[~same].max()


def test_the_same_seed_gives_the_same_towers(trained, retrain, tiny_config):
    again = retrain(tiny_config)
    assert again.artefact.model_version == trained.artefact.model_version


def test_another_seed_gives_other_towers(trained, retrain, tiny_config):
    other = retrain(dataclasses.replace(tiny_config, seed=1, epochs=1))
    assert other.artefact.model_version != trained.artefact.model_version


def test_vectors_are_what_numpy_makes_of_the_weights(trained, profiles):
    features = trained.artefact.maker.make(profiles[:10])
    weights = read_arrays(trained.artefact.files[WEIGHTS])
    parts = [_pooled_by_hand(features, fields, weights["items"], trained.artefact.config) for fields in BAGS]
    parts.append(_audio_by_hand(features.audio, weights))
    flat = np.concatenate(parts, axis=1)
    found = embed_with_tensorflow(trained, features)
    for tower, vectors in (("user", found.user), ("candidate", found.candidate)):
        expected = _unit(flat @ weights[f"{tower}_0"] + weights[f"{tower}_1"])
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


def _pooled_by_hand(features, fields, table, config) -> np.ndarray:
    """Generalised max pooling of one bag of each listener, by the exact solution."""
    rows = []
    for tokens, weights in zip(features.tokens, features.weights, strict=True):
        filled = [weights[field] > 0 for field in fields]
        vectors = np.concatenate(
            [table[tokens[field][one]] for field, one in zip(fields, filled, strict=True)]
        )
        amounts = [weights[field][one] * one.sum() for field, one in zip(fields, filled, strict=True)]
        ridged = vectors @ vectors.T + config.ridge * np.eye(len(vectors))
        rows.append(np.linalg.solve(ridged, np.concatenate(amounts)) @ vectors)
    return _unit(np.array(rows))


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def _audio_by_hand(audio: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    inner = np.maximum(audio @ weights["audio_0"] + weights["audio_1"], 0)
    return _unit(inner @ weights["audio_2"] + weights["audio_3"])


def test_rows_from_the_spotify_api_never_reach_training(profiles, tiny_config):
    fetched = dataclasses.replace(profiles[0], source=Source.SPOTIFY_API)
    with pytest.raises(UntrainableSource):
        train_towers([*profiles[:5], fetched], tiny_config)


@pytest.mark.parametrize("profiles", [[], [ListenerProfile("x", Source.TABLE)]])
def test_without_any_music_there_is_nothing_to_train_on(profiles, tiny_config):
    with pytest.raises(InputError, match="no listening"):
        train_towers(profiles, tiny_config)


TINY_SETS = {
    "one listener with one item": [heard("a", "abba")],
    "two listeners with the same item": [heard("a", "abba"), heard("b", "abba")],
    "two listeners with two items": [heard("a", "abba", "can"), heard("b", "blur", "can")],
    "opaque track ids only": [
        ListenerProfile("a", Source.TABLE, items=(Item("", "#1", 1.0, "p"), Item("", "#2", 1.0, "p"))),
        ListenerProfile("b", Source.TABLE, items=(Item("", "#2", 1.0, "p"), Item("", "#3", 1.0, "p"))),
    ],
}


@pytest.mark.parametrize("name", TINY_SETS)
def test_tiny_sets_train_to_finite_vectors(name, tiny_config):
    towers = train_towers(TINY_SETS[name], dataclasses.replace(tiny_config, epochs=2))
    stored = LiteRtEmbedder(towers.artefact).embed(TINY_SETS[name]).stored
    np.testing.assert_allclose(np.linalg.norm(stored, axis=1), 1.0, atol=1e-5)


def test_heads_may_have_a_hidden_layer_and_items_may_stay_as_they_are(retrain, tiny_config, profiles):
    config = dataclasses.replace(tiny_config, hidden=8, train_items=False, epochs=1, dim=8)
    towers = retrain(config)
    expected = embed_with_tensorflow(towers, towers.artefact.maker.make(profiles[:5]))
    found = LiteRtEmbedder(towers.artefact).embed(profiles[:5])
    np.testing.assert_allclose(found.user, expected.user, atol=1e-5)


def test_no_epoch_gives_the_towers_as_initialised(retrain, tiny_config, profiles):
    untrained = retrain(dataclasses.replace(tiny_config, epochs=0))
    assert untrained.artefact.metrics["losses"] == []
    assert untrained.artefact.metrics["best_epoch"] == 0
    # a rate of next to nothing leaves them as they are
    barely = retrain(dataclasses.replace(tiny_config, epochs=1, learning_rate=1e-12))
    found, expected = (LiteRtEmbedder(one.artefact).embed(profiles[:5]).user for one in (untrained, barely))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_training_stops_when_validation_no_longer_improves(retrain, tiny_config):
    config = dataclasses.replace(tiny_config, holdout_share=0.2, epochs=40, patience=2, learning_rate=1e-9)
    assert len(retrain(config).artefact.metrics["losses"]) < 40


def test_progress_is_reported_for_every_epoch(profiles):
    told: list[Progress] = []
    config = TowerConfig(dim=4, table_dim=4, epochs=2, n_buckets=4, bag_width=8, min_steps=1)
    train_towers(profiles[:10], config, report=told.append)
    assert [(one.step, one.done, one.total) for one in told] == [("train", 1, 2), ("train", 2, 2)]


def test_the_weights_lie_between_those_before_and_after_training(retrain, tiny_config):
    def heads(start_share: float) -> np.ndarray:
        config = dataclasses.replace(tiny_config, holdout_share=0.0, start_share=start_share)
        return read_arrays(retrain(config).artefact.files[WEIGHTS])["user_0"]

    start, after, between = heads(1.0), heads(0.0), heads(0.25)
    assert np.abs(after - start).max() > 1e-3
    np.testing.assert_allclose(between, 0.25 * start + 0.75 * after, atol=1e-6)
