"""Views: two disjoint parts of every listener, which the towers learn to match."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.audio_similarity import Doubles
from towers.config import TowerConfig
from towers.examples.audio_summaries import TrackAudio
from towers.examples.interactions import BY_ARTIST, BY_FACET, BY_ITEM, Ids, InteractionMatrix
from towers.features.feature_maker import (
    AUDIO_WIDTH,
    N_AUDIO,
    N_FIELDS,
    AudioStandardiser,
    FeatureMaker,
    damp,
)
from towers.features.pooling import BAG_OF_FIELD, N_BAGS
from towers.features.vocabulary import Field

Flags = NDArray[np.bool_]
Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Listeners from which views are sampled.

    Attributes:
        token_weights: [n_tokens], weight of one play of each token.
        token_fields: [n_tokens], the field of each token.
        token_codes: [n_tokens] uint64, random; the sum over a view's tokens identifies the view.
        own: [n_cells], edge weight of listener and token in the item table (see `ItemTable`).
    """

    interactions: InteractionMatrix
    track_audio: TrackAudio
    standardiser: AudioStandardiser
    token_weights: Doubles
    token_fields: Ids
    token_codes: NDArray[np.uint64]
    own: NDArray[np.float32]

    @property
    def fields(self) -> Ids:
        """[n_cells], the field of each cell."""
        return self.token_fields[self.interactions.cell_token]

    def weights(self, amounts: Doubles) -> Doubles:
        """[n_cells], bag weights of undamped amounts [n_cells]."""
        return damp(amounts, self.fields) * self.token_weights[self.interactions.cell_token]


def make_dataset(
    maker: FeatureMaker,
    interactions: InteractionMatrix,
    track_audio: TrackAudio,
    seed: int,
    own: NDArray[np.float32] | None = None,
) -> Dataset:
    """Make a dataset; `own` is None for listeners who are not in the item table."""
    vocabulary = maker.vocabulary
    rng = np.random.default_rng(seed)
    return Dataset(
        interactions=interactions,
        track_audio=track_audio,
        standardiser=maker.standardiser,
        token_weights=maker.token_weights,
        token_fields=vocabulary.token_fields,
        token_codes=rng.integers(0, 2**64, vocabulary.n_tokens, dtype=np.uint64),
        own=np.zeros(len(interactions.cell_row), np.float32) if own is None else own,
    )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One part of every listener.

    Attributes:
        weights: [n_cells] >= 0; 0 if the cell is not in this part.
        audio: [n_rows, AUDIO_WIDTH] float32.
    """

    weights: Doubles
    audio: NDArray[np.float32]


def sample_views(dataset: Dataset, config: TowerConfig, rng: np.random.Generator) -> tuple[View, View]:
    """Split every listener in two.

    A listener is split by item, facet or artist. Each of these units goes into the first view with a
    probability drawn from [share_low, share_high]. Tags and audio without an item go into one view as a
    whole. Then random bags and audio are dropped from each view, but never so that only hash buckets remain.
    """
    interactions = dataset.interactions
    split = _choose_split(interactions, config, rng)
    share = rng.uniform(config.share_low, config.share_high, interactions.n_rows)
    first = rng.random(len(interactions.unit_row)) < share[interactions.unit_row]
    summary_first = rng.random(interactions.n_rows) < 0.5
    views = _view(dataset, first, split, summary_first), _view(dataset, ~first, split, ~summary_first)
    return _drop_parts(views[0], dataset, config, rng), _drop_parts(views[1], dataset, config, rng)


def _choose_split(interactions: InteractionMatrix, config: TowerConfig, rng: np.random.Generator) -> Ids:
    draw = rng.random(interactions.n_rows)
    several = interactions.n_units_of > 1
    by_facet = (draw < config.by_facet) & several[BY_FACET]
    by_artist = (draw >= 1 - config.by_artist) & several[BY_ARTIST]
    return np.where(by_facet, BY_FACET, np.where(by_artist, BY_ARTIST, BY_ITEM))


def _view(dataset: Dataset, selected: Flags, split: Ids, with_summary: Flags) -> View:
    """The view of the `selected` [n_units] units; `split` is [n_rows]."""
    interactions, track_audio = dataset.interactions, dataset.track_audio
    row = interactions.cell_row[interactions.cell]
    unit = interactions.units[split[row], np.arange(len(row))]
    weights = dataset.weights(interactions.amounts(selected[unit]))
    item_unit = interactions.item_units[split[track_audio.row], track_audio.item]
    figures = track_audio.figures(selected[item_unit])
    without_tracks = np.bincount(track_audio.row, minlength=interactions.n_rows) == 0
    # listeners without known tracks have only their summary, in one of the two views
    summarised = without_tracks & with_summary
    figures[summarised] = track_audio.summaries[summarised]
    return View(weights, dataset.standardiser.standardise(figures))


def full_view(dataset: Dataset) -> View:
    """The view with everything of every listener."""
    amounts = dataset.interactions.all_amounts()
    audio = dataset.standardiser.standardise(dataset.track_audio.summaries)
    return View(dataset.weights(amounts), audio)


def _drop_parts(view: View, dataset: Dataset, config: TowerConfig, rng: np.random.Generator) -> View:
    interactions, fields = dataset.interactions, dataset.fields
    n_rows = interactions.n_rows
    bag = interactions.cell_row * N_FIELDS + fields
    filled = np.bincount(bag, view.weights, n_rows * N_FIELDS).reshape(n_rows, N_FIELDS) > 0
    present = np.column_stack([filled, has_audio(view.audio)])
    dropped = rng.random(present.shape) < config.drop_part
    remaining = present & ~dropped
    remaining[:, Field.HASHED] = False
    dropped[~remaining.any(axis=1)] = False
    weights = np.where(dropped[interactions.cell_row, fields], 0.0, view.weights)
    return View(weights, np.where(dropped[:, -1:], np.float32(0), view.audio))


def has_audio(audio: NDArray[np.float32]) -> Flags:
    """[n], whether audio features [n, AUDIO_WIDTH] have a known attribute."""
    return np.asarray(audio[:, AUDIO_WIDTH - N_AUDIO :].sum(axis=1) > 0)


def usable_rows(dataset: Dataset, views: tuple[View, View]) -> Ids:
    """Listeners who are non-empty in both views."""
    return np.flatnonzero(filled_rows(dataset, views[0]) & filled_rows(dataset, views[1]))


def filled_rows(dataset: Dataset, view: View) -> Flags:
    """[n_rows] whether a listener is non-empty in a view."""
    heard = np.bincount(dataset.interactions.cell_row, view.weights, dataset.interactions.n_rows) > 0
    return np.asarray(heard | has_audio(view.audio))


def batches(dataset: Dataset, views: tuple[View, View], rows: Ids, size: int) -> Iterator[Arrays]:
    """Yield `make_batch` of `rows`, in almost equal chunks of at most `size`."""
    for chunk in chunks_of(rows, size):
        yield make_batch(dataset, views, chunk)


def chunks_of(rows: Ids, size: int) -> list[Ids]:
    """Rows in chunks of almost equal length, at most `size`."""
    return np.array_split(rows, max(1, -(-len(rows) // size)))


def make_batch(dataset: Dataset, views: tuple[View, ...], rows: Ids) -> Arrays:
    """Arrays of one step.

    Returns:
        tokens, weights, own, listeners: [n_entries], one entry per cell and view; the weights of each field
        of a view have mean 1;
        segments: [n_entries] = slot * n_bags + bag, where slot is the position in `rows`, plus n in the
        second view;
        audio: [n_views * n, AUDIO_WIDTH];
        ids: [n] int64, equal for listeners with the same last view.
    """
    return _make_batch(dataset, views, [rows] * len(views))


def make_pair_batch(dataset: Dataset, views: tuple[View, View], rows: Ids) -> Arrays:
    """`make_batch` of pairs: `rows` is [n, 2], the listeners of first and second view."""
    return _make_batch(dataset, views, [rows[:, 0], rows[:, 1]])


def _make_batch(dataset: Dataset, views: tuple[View, ...], rows: list[Ids]) -> Arrays:
    n, interactions = len(rows[0]), dataset.interactions
    entries = [_entries(interactions, view, rows_in) for view, rows_in in zip(views, rows, strict=True)]
    cells = np.concatenate([cell for _, cell in entries])
    slots = np.concatenate([position + number * n for number, (position, _) in enumerate(entries)])
    weights = np.concatenate([view.weights[cell] for view, (_, cell) in zip(views, entries, strict=True)])
    fields = dataset.fields[cells]
    return {
        "tokens": interactions.cell_token[cells].astype(np.int32),
        "segments": (slots * N_BAGS + BAG_OF_FIELD[fields]).astype(np.int32),
        "weights": _mean_one(weights, slots * N_FIELDS + fields),
        "own": dataset.own[cells],
        "listeners": interactions.cell_row[cells].astype(np.int32),
        "audio": np.concatenate([view.audio[rows_in] for view, rows_in in zip(views, rows, strict=True)]),
        "ids": _fingerprints(dataset, *entries[-1], n),
    }


def _mean_one(weights: Doubles, groups: Ids) -> NDArray[np.float32]:
    count = np.bincount(groups)
    mean = np.bincount(groups, weights)[groups] / count[groups]
    return np.asarray(weights / mean, np.float32)


def _entries(interactions: InteractionMatrix, view: View, rows: Ids) -> tuple[Ids, Ids]:
    """Position in `rows`, and cell, of the listeners' cells in a view."""
    start = np.searchsorted(interactions.cell_row, rows)
    count = np.searchsorted(interactions.cell_row, rows, side="right") - start
    position = np.repeat(np.arange(len(rows)), count)
    before = np.cumsum(count) - count
    cell = np.arange(len(position)) + (start - before)[position]
    present = np.flatnonzero(view.weights[cell] > 0)
    return position[present], cell[present]


def _fingerprints(dataset: Dataset, position: Ids, cell: Ids, n_rows: int) -> Ids:
    """[n_rows] sums of token codes modulo 2**64, equal for equal tokens."""
    codes = np.zeros(n_rows, np.uint64)
    np.add.at(codes, position, dataset.token_codes[dataset.interactions.cell_token[cell]])
    return codes.view(np.int64)
