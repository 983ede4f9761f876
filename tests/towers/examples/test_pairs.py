"""Positive pairs: partners come nearer, and are never negatives."""

import dataclasses

import numpy as np
import pytest

from matcher.ports import ScoredPair
from towers.config import TowerConfig
from towers.examples.audio_summaries import collect_track_audio
from towers.examples.interactions import collect_interactions
from towers.examples.pairs import PairedSteps, PositivePairs
from towers.examples.views import full_view, make_dataset, sample_views
from towers.features.feature_maker import N_FIELDS, FeatureMaker, audio_figures, fit_audio_standardiser
from towers.features.vocabulary import build_vocabulary
from towers.model.item_table import ItemTable, factorise
from towers.model.two_towers import TwoTowers
from towers.serving.artefact import WEIGHTS, read_arrays
from towers.serving.embedder import LiteRtEmbedder
from towers.training.train_towers import train_towers

N_COMMUNITIES = 8
SHORT = TowerConfig(
    dim=16, table_dim=16, epochs=8, batch_size=64, learning_rate=1e-2, n_buckets=64, bag_width=64, min_steps=1
)


def acquainted(world, profiles, n=150, score=5.0):
    """Friends, each two from communities that have no artist in common: 0 and 4, 1 and 5 …"""
    rng = np.random.default_rng(0)
    of = {community: [] for community in range(N_COMMUNITIES)}
    for profile in profiles:
        of[world.community_of[profile.listener_id]].append(profile.listener_id)
    found = []
    for number in range(n):
        here = number % (N_COMMUNITIES // 2)
        there = here + N_COMMUNITIES // 2
        found.append(ScoredPair(str(rng.choice(of[here])), str(rng.choice(of[there])), score))
    return found


def nearness_of_communities(artefact, world, listenings, apart):
    """Mean score of listeners whose communities lie so far apart."""
    profiles = [world.profile(one) for one in listenings]
    vectors = LiteRtEmbedder(artefact).embed(profiles)
    community = np.array([world.community_of[one.listener_id] for one in profiles])
    between = (community[:, None] - community[None, :]) % N_COMMUNITIES == apart
    return float((vectors.query @ vectors.stored.T)[between].mean())


@pytest.fixture(scope="module")
def with_and_without(world, profiles):
    friends = acquainted(world, profiles)
    return tuple(
        train_towers(profiles, SHORT, artist_tags=world.artist_tags, pairs=pairs).artefact
        for pairs in ((), friends)
    )


def test_friends_of_different_communities_come_nearer(with_and_without, world):
    alone, befriended = (
        nearness_of_communities(one, world, world.listenings[:300], apart=4) for one in with_and_without
    )
    assert befriended > alone + 0.1


def test_listeners_never_seen_come_nearer_to_those_their_community_is_friends_with(
    with_and_without, world, held_out
):
    gains = {
        apart: np.diff([nearness_of_communities(one, world, held_out, apart) for one in with_and_without])[0]
        for apart in (2, 4)
    }
    assert gains[4] > gains[2] + 0.1


def test_how_many_pairs_were_used_is_kept_in_the_metrics(with_and_without):
    assert "n_pairs" not in with_and_without[0].metrics
    assert 100 < with_and_without[1].metrics["n_pairs"] <= 150


def test_pairs_that_say_nothing_change_nothing(profiles):
    config = dataclasses.replace(SHORT, epochs=1)
    ignored, of_strangers, with_oneself = (
        ScoredPair("listener-0", "listener-1", 0.0),
        ScoredPair("listener-0", "stranger", 5.0),
        ScoredPair("listener-0", "listener-0", 5.0),
    )
    plain = train_towers(profiles[:40], config).artefact
    told = train_towers(profiles[:40], config, pairs=[ignored, of_strangers, with_oneself]).artefact
    assert told.files[WEIGHTS] == plain.files[WEIGHTS]


def test_the_same_pairs_give_the_same_towers(profiles, world):
    config = dataclasses.replace(SHORT, epochs=1, pair_share=1.0)
    friends = acquainted(world, profiles[:40])
    one, other = (train_towers(profiles[:40], config, pairs=friends).artefact for _ in range(2))
    assert one.files[WEIGHTS] == other.files[WEIGHTS]


def test_without_a_share_pairs_are_no_positives_but_still_no_negatives(profiles, world):
    config = dataclasses.replace(SHORT, epochs=1, pair_share=0.0)
    plain, told = (
        train_towers(profiles[:40], config, pairs=some).artefact
        for some in ((), acquainted(world, profiles[:40]))
    )
    before, after = (read_arrays(one.files[WEIGHTS])["user_0"] for one in (plain, told))
    assert not np.array_equal(before, after)


def test_scores_weigh_in_proportion_up_to_strong_and_the_highest_of_a_pair_counts():
    scored = [
        ScoredPair("a", "b", 1.0),
        ScoredPair("b", "a", 5.0),
        ScoredPair("b", "c", 1.0),
        ScoredPair("c", "d", 9.0),
        ScoredPair("d", "x", 5.0),
        ScoredPair("a", "d", 0.0),
    ]
    pairs = PositivePairs.of(scored, ["a", "b", "c", "d"])
    assert pairs.rows.tolist() == [[0, 1], [1, 2], [2, 3]]
    np.testing.assert_allclose(pairs.weights, [1.0, 0.2, 1.0])


def test_partners_and_oneself_are_never_negatives():
    pairs = PositivePairs.of([ScoredPair("a", "b", 1.0), ScoredPair("c", "b", 1.0)], ["a", "b", "c", "d"])
    one, other = np.array([0, 2, 3]), np.array([1, 3, 0])
    expected = [
        [True, True, False],  # a with b; d is a stranger; a is oneself
        [False, True, True],  # c with d; b is a partner
        [True, False, True],  # d with a; d is oneself
    ]
    assert pairs.negative_mask(one, other).tolist() == expected


@pytest.fixture(scope="module")
def untrained(profiles, world):
    """A dataset of sixty listeners, and untrained towers."""
    some = profiles[:60]
    vocabulary = build_vocabulary(some, SHORT)
    interactions, track_audio = (
        collect_interactions(some, vocabulary, world.artist_tags),
        collect_track_audio(some, {}),
    )
    graph = factorise(interactions, vocabulary.token_fields, SHORT.table_dim, 0)
    standardiser = fit_audio_standardiser(audio_figures(one.audio for one in some))
    maker = FeatureMaker(vocabulary, standardiser, SHORT.idf_power, SHORT.bag_width)
    table = ItemTable(interactions, graph, vocabulary.n_tokens, True)
    towers = TwoTowers(table, dataclasses.replace(SHORT, hide_part=0.0))  # without chance
    return make_dataset(maker, interactions, track_audio, 0, graph.edges), towers


def steps_of(untrained, pairs, share, size=16):
    dataset, _ = untrained
    config = dataclasses.replace(SHORT, pair_share=share)
    views = sample_views(dataset, config, np.random.default_rng(0))
    return list(PairedSteps(dataset, pairs, config).steps(views, np.arange(60), size))


@pytest.mark.parametrize(("share", "n_of_pairs"), [(0.0, 0), (0.25, 1), (0.5, 2), (1.0, 4)])
def test_the_share_says_how_many_steps_show_pairs(untrained, profiles, world, share, n_of_pairs):
    pairs = PositivePairs.of(
        acquainted(world, profiles[:60], n=10, score=1.0), [p.listener_id for p in profiles[:60]]
    )
    steps = steps_of(untrained, pairs, share)
    assert sum(bool((one["sample_weight"] < 1).all()) for one in steps) == n_of_pairs == len(steps) - 4


def test_a_step_of_pairs_takes_each_listeners_own_part_out_of_the_table(untrained):
    dataset, _ = untrained
    pairs = PositivePairs.of([ScoredPair(0, 9, 5.0), ScoredPair(3, 7, 1.0)], list(range(60)))
    step = steps_of(untrained, pairs, 1.0)[3]  # the second of pairs: whole views
    assert set(step["listeners"].tolist()) == {0, 9, 3, 7}
    assert (step["own"] != 0).all()
    rows = np.isin(dataset.interactions.cell_row, [0, 9, 3, 7])
    whole = full_view(dataset).weights[rows]
    field = dataset.interactions.cell_row[rows] * N_FIELDS + dataset.fields[rows]
    mean = np.bincount(field, whole)[field] / np.bincount(field)[field]  # each field has mean 1
    np.testing.assert_allclose(np.sort(step["weights"]), np.sort((whole / mean)[whole > 0]), rtol=1e-6)


def test_the_loss_is_that_of_numpy_with_partners_left_out(untrained):
    _, towers = untrained
    pairs = PositivePairs.of(
        [ScoredPair(0, 9, 5.0), ScoredPair(3, 7, 1.0), ScoredPair(0, 7, 5.0), ScoredPair(20, 21, 2.0)],
        list(range(60)),
    )
    step = steps_of(untrained, pairs, 1.0)[3]
    user, candidate = (one.numpy() for one in towers(step))
    n = len(user) // 2
    scores = 0.5 * (user[:n] @ candidate[n:].T + candidate[:n] @ user[n:].T) / SHORT.temperature
    scores = np.where(step["mask"], scores, -np.inf)
    lost = np.log(np.exp(scores).sum(axis=1)) + np.log(np.exp(scores).sum(axis=0)) - 2 * np.diag(scores)
    expected = (step["sample_weight"] * lost).sum() / (2 * n)
    assert float(towers.compute_loss(step)) == pytest.approx(expected, rel=1e-4)
