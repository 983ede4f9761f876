"""Mentions, views and sound: the training listeners as arrays say what their profiles say."""

import dataclasses

import numpy as np
import pytest

from matcher.audio import AudioAttributes, summarise_audio
from matcher.listening import Source
from matcher.profile import Item, ListenerProfile
from towers.config import TowerConfig
from towers.examples.audio_summaries import collect_sound, grouped_figures
from towers.examples.interactions import BY_ARTIST, BY_FACET, BY_ITEM, collect_mentions
from towers.examples.views import (
    Cells,
    View,
    batch_of,
    batches,
    cells_of,
    sample_views,
    usable_rows,
    whole_view,
)
from towers.features.feature_maker import (
    AUDIO_WIDTH,
    N_AUDIO,
    N_FIELDS,
    FeatureMaker,
    audio_figures,
    measure_audio,
)
from towers.features.vocabulary import Field, build_vocabulary

CONFIG = TowerConfig(n_buckets=16, bag_width=256, drop_part=0.0)


@pytest.fixture(scope="module")
def maker(profiles) -> FeatureMaker:
    scale = measure_audio(audio_figures(profile.audio for profile in profiles))
    return FeatureMaker(build_vocabulary(profiles, CONFIG), scale, CONFIG.idf_power, CONFIG.bag_width)


@pytest.fixture(scope="module")
def cells(maker, profiles, world) -> Cells:
    mentions = collect_mentions(profiles, maker.vocabulary, world.artist_tags)
    return cells_of(maker, mentions, collect_sound(profiles, world.attributes), seed=0)


def bags_of(cells: Cells, view: View, n_tokens: int) -> np.ndarray:
    """[n_rows, N_FIELDS, n_tokens], weights summing to 1 in a bag."""
    mentions = cells.mentions
    dense = np.zeros((mentions.n_rows, N_FIELDS, n_tokens))
    dense[mentions.cell_row, cells.fields, mentions.cell_token] = view.weights
    return dense / np.maximum(dense.sum(axis=2, keepdims=True), 1e-12)


def test_training_sees_the_same_bags_as_serving(cells, maker, profiles):
    found = bags_of(cells, whole_view(cells), maker.vocabulary.n_tokens)
    batch = maker.make(profiles)
    expected = np.zeros_like(found)
    row, field, _ = np.indices(batch.tokens.shape)
    np.add.at(expected, (row, field, batch.tokens), batch.weights)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_training_sees_the_same_sound_as_serving(cells, maker, profiles):
    np.testing.assert_allclose(whole_view(cells).audio, maker.make(profiles).audio, atol=1e-6)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [({"by_facet": 0.0, "by_artist": 0.0}, Field.TRACK), ({"by_facet": 0.0, "by_artist": 1.0}, Field.ARTIST)],
)
def test_the_two_views_share_no_item(cells, chosen, field):
    first, second = sample_views(cells, dataclasses.replace(CONFIG, **chosen), np.random.default_rng(0))
    both = (first.weights > 0) & (second.weights > 0)
    assert not both[cells.fields == field].any()
    assert (first.weights > 0).any()
    assert (second.weights > 0).any()


def test_both_views_together_are_the_whole(cells):
    first, second = sample_views(cells, CONFIG, np.random.default_rng(0))
    whole = whole_view(cells).weights > 0
    np.testing.assert_array_equal((first.weights > 0) | (second.weights > 0), whole)


def test_a_split_by_facet_keeps_playlists_whole(cells):
    mentions = cells.mentions
    config = dataclasses.replace(CONFIG, by_facet=1.0, by_artist=0.0)
    first, second = sample_views(cells, config, np.random.default_rng(0))
    alone = np.bincount(mentions.units[BY_FACET], minlength=len(mentions.unit_row)) > 0
    sides = [_units_seen(mentions, view, alone) for view in (first, second)]
    assert not (sides[0] & sides[1]).any()


def _units_seen(mentions, view, alone):
    """Facets of which some cell that no other facet has is in the view."""
    facets = mentions.units[BY_FACET]
    lowest = np.full(len(view.weights), 2**62)
    np.minimum.at(lowest, mentions.cell, facets)
    highest = np.zeros(len(view.weights), np.int64)
    np.maximum.at(highest, mentions.cell, facets)
    seen = np.zeros(len(alone), bool)
    seen[lowest[(lowest == highest) & (view.weights > 0)]] = True
    return seen


def test_views_are_fresh_every_time_and_the_same_under_the_same_seed(cells):
    draw = lambda seed: sample_views(cells, CONFIG, np.random.default_rng(seed))[0].weights  # noqa: E731
    np.testing.assert_array_equal(draw(0), draw(0))
    assert not np.array_equal(draw(0), draw(1))


def test_parts_are_dropped_whole_but_never_all_of_them(cells):
    full, _ = sample_views(cells, CONFIG, np.random.default_rng(0))
    thin, _ = sample_views(cells, dataclasses.replace(CONFIG, drop_part=0.5), np.random.default_rng(0))
    np.testing.assert_array_equal(_n_parts(cells, thin) > 0, _n_parts(cells, full) > 0)
    assert _n_parts(cells, thin).sum() < 0.7 * _n_parts(cells, full).sum()


def _n_parts(cells, view):
    """[n_rows], how many parts of each listener the view holds."""
    place = cells.mentions.cell_row * N_FIELDS + cells.fields
    bags = np.bincount(place, view.weights, cells.mentions.n_rows * N_FIELDS).reshape(-1, N_FIELDS) > 0
    return bags.sum(axis=1) + view.audio[:, AUDIO_WIDTH - N_AUDIO :].any(axis=1)


def test_a_listener_with_a_single_item_makes_no_pair(maker):
    single = ListenerProfile("x", Source.TABLE, items=(Item("artist 1 1", "", 2.0, "plays"),))
    mentions = collect_mentions([single], maker.vocabulary, {})
    cells = cells_of(maker, mentions, collect_sound([single], {}), seed=0)
    views = sample_views(cells, CONFIG, np.random.default_rng(0))
    assert len(usable_rows(cells, views)) == 0


def test_a_summary_without_tracks_goes_into_one_view_only(maker):
    sound = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    items = (Item("artist 1 1", "", 2.0, "plays"), Item("artist 1 2", "", 2.0, "plays"))
    loose = ListenerProfile("x", Source.TABLE, items=items, tags={"tag 1": 1.0}, audio=sound)
    mentions = collect_mentions([loose], maker.vocabulary, {})
    cells = cells_of(maker, mentions, collect_sound([loose], {}), seed=0)
    first, second = sample_views(cells, CONFIG, np.random.default_rng(0))
    tag = cells.fields == Field.TAG
    assert (first.weights[tag] > 0).sum() + (second.weights[tag] > 0).sum() == 1
    assert first.audio.any() != second.audio.any()


def test_units_belong_to_one_listener(cells):
    mentions = cells.mentions
    rows = mentions.cell_row[mentions.cell]
    for split in (BY_ITEM, BY_FACET, BY_ARTIST):
        np.testing.assert_array_equal(mentions.unit_row[mentions.units[split]], rows)


def test_batches_take_every_listener_once_and_entries_with_them(cells):
    views = sample_views(cells, CONFIG, np.random.default_rng(0))
    rows = usable_rows(cells, views)
    steps = list(batches(cells, views, rows, 70))
    assert sum(len(step["ids"]) for step in steps) == len(rows)
    kept = sum((view.weights[np.isin(cells.mentions.cell_row, rows)] > 0).sum() for view in views)
    assert sum(len(step["tokens"]) for step in steps) == kept


def test_equal_second_views_have_equal_ids(maker):
    twins = [
        ListenerProfile(name, Source.TABLE, items=(Item(artist, "", 1.0, "plays"),))
        for name, artist in (("a", "artist 1 1"), ("b", "artist 1 1"), ("c", "artist 1 2"))
    ]
    mentions = collect_mentions(twins, maker.vocabulary, {})
    cells = cells_of(maker, mentions, collect_sound(twins, {}), seed=0)
    ids = batch_of(cells, (whole_view(cells),), np.arange(3))["ids"]
    assert ids[0] == ids[1] != ids[2]


def test_grouped_figures_are_those_of_the_core():
    rng = np.random.default_rng(0)
    groups, values, weights = rng.integers(0, 9, 60), rng.random(60), rng.uniform(0.1, 5, 60)
    present, figures = grouped_figures(groups, values, weights)
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
