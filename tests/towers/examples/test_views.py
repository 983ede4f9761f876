"""Mentions, views and sound: the training listeners as arrays say what their profiles say."""

import dataclasses

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes, summarise_audio
from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from towers.config import TowerConfig
from towers.examples.audio_summaries import collect_track_audio, grouped_audio_figures
from towers.examples.interactions import BY_ARTIST, BY_FACET, BY_ITEM, collect_interactions
from towers.examples.views import (
    Dataset,
    View,
    batches,
    full_view,
    make_batch,
    make_dataset,
    sample_views,
    usable_rows,
)
from towers.features.feature_maker import (
    AUDIO_WIDTH,
    N_AUDIO,
    N_FIELDS,
    FeatureMaker,
    audio_figures,
    fit_audio_standardiser,
)
from towers.features.vocabulary import Field, build_vocabulary

CONFIG = TowerConfig(n_buckets=16, bag_width=256, drop_part=0.0)


@pytest.fixture(scope="module")
def maker(profiles) -> FeatureMaker:
    scale = fit_audio_standardiser(audio_figures(profile.audio for profile in profiles))
    return FeatureMaker(build_vocabulary(profiles, CONFIG), scale, CONFIG.idf_power, CONFIG.bag_width)


@pytest.fixture(scope="module")
def dataset(maker, profiles, world) -> Dataset:
    interactions = collect_interactions(profiles, maker.vocabulary, world.artist_tags)
    return make_dataset(maker, interactions, collect_track_audio(profiles, world.attributes), seed=0)


def bags_of(dataset: Dataset, view: View, n_tokens: int) -> np.ndarray:
    """[n_rows, N_FIELDS, n_tokens], weights summing to 1 in a bag."""
    interactions = dataset.interactions
    dense = np.zeros((interactions.n_rows, N_FIELDS, n_tokens))
    dense[interactions.cell_row, dataset.fields, interactions.cell_token] = view.weights
    return dense / np.maximum(dense.sum(axis=2, keepdims=True), 1e-12)


def test_training_sees_the_same_bags_as_serving(dataset, maker, profiles):
    found = bags_of(dataset, full_view(dataset), maker.vocabulary.n_tokens)
    batch = maker.make(profiles)
    expected = np.zeros_like(found)
    row, field, _ = np.indices(batch.tokens.shape)
    np.add.at(expected, (row, field, batch.tokens), batch.weights)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_training_sees_the_same_sound_as_serving(dataset, maker, profiles):
    np.testing.assert_allclose(full_view(dataset).audio, maker.make(profiles).audio, atol=1e-6)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [({"by_facet": 0.0, "by_artist": 0.0}, Field.TRACK), ({"by_facet": 0.0, "by_artist": 1.0}, Field.ARTIST)],
)
def test_the_two_views_share_no_item(dataset, chosen, field):
    first, second = sample_views(dataset, dataclasses.replace(CONFIG, **chosen), np.random.default_rng(0))
    both = (first.weights > 0) & (second.weights > 0)
    assert not both[dataset.fields == field].any()
    assert (first.weights > 0).any()
    assert (second.weights > 0).any()


def test_both_views_together_are_the_whole(dataset):
    first, second = sample_views(dataset, CONFIG, np.random.default_rng(0))
    whole = full_view(dataset).weights > 0
    np.testing.assert_array_equal((first.weights > 0) | (second.weights > 0), whole)


def test_a_split_by_facet_keeps_playlists_whole(dataset):
    interactions = dataset.interactions
    config = dataclasses.replace(CONFIG, by_facet=1.0, by_artist=0.0)
    first, second = sample_views(dataset, config, np.random.default_rng(0))
    alone = np.bincount(interactions.units[BY_FACET], minlength=len(interactions.unit_row)) > 0
    sides = [_units_seen(interactions, view, alone) for view in (first, second)]
    assert not (sides[0] & sides[1]).any()


def _units_seen(interactions, view, alone):
    """Facets of which some cell that no other facet has is in the view."""
    facets = interactions.units[BY_FACET]
    lowest = np.full(len(view.weights), 2**62)
    np.minimum.at(lowest, interactions.cell, facets)
    highest = np.zeros(len(view.weights), np.int64)
    np.maximum.at(highest, interactions.cell, facets)
    seen = np.zeros(len(alone), bool)
    seen[lowest[(lowest == highest) & (view.weights > 0)]] = True
    return seen


def test_views_are_fresh_every_time_and_the_same_under_the_same_seed(dataset):
    draw = lambda seed: sample_views(dataset, CONFIG, np.random.default_rng(seed))[0].weights  # noqa: E731
    np.testing.assert_array_equal(draw(0), draw(0))
    assert not np.array_equal(draw(0), draw(1))


def test_parts_are_dropped_whole_but_never_all_of_them(dataset):
    full, _ = sample_views(dataset, CONFIG, np.random.default_rng(0))
    thin, _ = sample_views(dataset, dataclasses.replace(CONFIG, drop_part=0.5), np.random.default_rng(0))
    np.testing.assert_array_equal(_n_parts(dataset, thin) > 0, _n_parts(dataset, full) > 0)
    assert _n_parts(dataset, thin).sum() < 0.7 * _n_parts(dataset, full).sum()


def _n_parts(dataset, view):
    """[n_rows], how many parts of each listener the view holds."""
    place = dataset.interactions.cell_row * N_FIELDS + dataset.fields
    bags = np.bincount(place, view.weights, dataset.interactions.n_rows * N_FIELDS).reshape(-1, N_FIELDS) > 0
    return bags.sum(axis=1) + view.audio[:, AUDIO_WIDTH - N_AUDIO :].any(axis=1)


def test_a_listener_with_a_single_item_makes_no_pair(maker):
    single = ListenerProfile("x", Source.TABLE, items=(Item("artist 1 1", "", 2.0, "plays"),))
    interactions = collect_interactions([single], maker.vocabulary, {})
    dataset = make_dataset(maker, interactions, collect_track_audio([single], {}), seed=0)
    views = sample_views(dataset, CONFIG, np.random.default_rng(0))
    assert len(usable_rows(dataset, views)) == 0


def test_a_summary_without_tracks_goes_into_one_view_only(maker):
    track_audio = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    items = (Item("artist 1 1", "", 2.0, "plays"), Item("artist 1 2", "", 2.0, "plays"))
    loose = ListenerProfile("x", Source.TABLE, items=items, tags={"tag 1": 1.0}, audio=track_audio)
    interactions = collect_interactions([loose], maker.vocabulary, {})
    dataset = make_dataset(maker, interactions, collect_track_audio([loose], {}), seed=0)
    first, second = sample_views(dataset, CONFIG, np.random.default_rng(0))
    tag = dataset.fields == Field.TAG
    assert (first.weights[tag] > 0).sum() + (second.weights[tag] > 0).sum() == 1
    assert first.audio.any() != second.audio.any()


def test_units_belong_to_one_listener(dataset):
    interactions = dataset.interactions
    rows = interactions.cell_row[interactions.cell]
    for split in (BY_ITEM, BY_FACET, BY_ARTIST):
        np.testing.assert_array_equal(interactions.unit_row[interactions.units[split]], rows)


def test_batches_take_every_listener_once_and_entries_with_them(dataset):
    views = sample_views(dataset, CONFIG, np.random.default_rng(0))
    rows = usable_rows(dataset, views)
    steps = list(batches(dataset, views, rows, 70))
    assert sum(len(step["ids"]) for step in steps) == len(rows)
    kept = sum((view.weights[np.isin(dataset.interactions.cell_row, rows)] > 0).sum() for view in views)
    assert sum(len(step["tokens"]) for step in steps) == kept


def test_equal_second_views_have_equal_ids(maker):
    twins = [
        ListenerProfile(name, Source.TABLE, items=(Item(artist, "", 1.0, "plays"),))
        for name, artist in (("a", "artist 1 1"), ("b", "artist 1 1"), ("c", "artist 1 2"))
    ]
    interactions = collect_interactions(twins, maker.vocabulary, {})
    dataset = make_dataset(maker, interactions, collect_track_audio(twins, {}), seed=0)
    ids = make_batch(dataset, (full_view(dataset),), np.arange(3))["ids"]
    assert ids[0] == ids[1] != ids[2]


def test_grouped_figures_are_those_of_the_core():
    rng = np.random.default_rng(0)
    groups, values, weights = rng.integers(0, 9, 60), rng.random(60), rng.uniform(0.1, 5, 60)
    present, figures = grouped_audio_figures(groups, values, weights)
    for group, row in zip(present, figures, strict=True):
        mine = groups == group
        pairs = zip(values[mine], weights[mine], strict=True)
        summary = summarise_audio((AudioAttributes({"energy": float(v)}), float(w)) for v, w in pairs)
        np.testing.assert_allclose(row, audio_figures([summary])[0, 1], atol=1e-9)


def test_every_token_has_its_field(maker):
    fields = maker.vocabulary.token_fields
    assert len(fields) == maker.vocabulary.n_tokens
    assert fields[maker.vocabulary.token(Field.TAG, "tag 1")] == Field.TAG
    assert fields[maker.vocabulary.first_bucket] == Field.HASHED
