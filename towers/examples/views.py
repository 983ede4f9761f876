"""Views: two disjoint parts of every listener, drawn afresh each epoch, that the towers learn to match."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.likeness import Doubles
from towers.config import TowerConfig
from towers.examples.audio_summaries import SoundMentions
from towers.examples.interactions import BY_ARTIST, BY_FACET, BY_ITEM, Ids, Mentions
from towers.features.feature_maker import AUDIO_WIDTH, N_AUDIO, N_FIELDS, AudioScale, FeatureMaker, damp
from towers.features.vocabulary import Field

Flags = NDArray[np.bool_]
Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What is known of every cell (one listener's one token) whatever the view.

    Attributes:
        mentions: the listeners.
        sound: their tracks' audio attributes.
        scale: of the audio figures.
        token_weights: [n_tokens], what one play of each token weighs.
        token_fields: [n_tokens], the field of each token.
        token_codes: [n_tokens] uint64, random; sums of them tell views apart.
        own: [n_cells], what the listener adds to the token's embedding (see `ItemTable`).
    """

    mentions: Mentions
    sound: SoundMentions
    scale: AudioScale
    token_weights: Doubles
    token_fields: Ids
    token_codes: NDArray[np.uint64]
    own: NDArray[np.float32]

    @property
    def fields(self) -> Ids:
        """[n_cells], the field of each cell."""
        return self.token_fields[self.mentions.cell_token]

    def weights(self, amounts: Doubles) -> Doubles:
        """[n_cells], weights in the bags, of amounts before damping: [n_cells]."""
        return damp(amounts, self.fields) * self.token_weights[self.mentions.cell_token]


def cells_of(
    maker: FeatureMaker,
    mentions: Mentions,
    sound: SoundMentions,
    seed: int,
    own: NDArray[np.float32] | None = None,
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
        token_fields=vocabulary.token_fields,
        token_codes=rng.integers(0, 2**64, vocabulary.n_tokens, dtype=np.uint64),
        own=np.zeros(len(mentions.cell_row), np.float32) if own is None else own,
    )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One part of every listener.

    Attributes:
        weights: [n_cells] >= 0; 0 where the cell is not in this part.
        audio: [n_rows, AUDIO_WIDTH] float32.
    """

    weights: Doubles
    audio: NDArray[np.float32]


def sample_views(cells: Cells, config: TowerConfig, rng: np.random.Generator) -> tuple[View, View]:
    """Split every listener in two.

    Each item, each facet or each artist of a listener goes into the first view with a probability that is
    drawn for the listener from [share_low, share_high]. What has no items of its own (a summary of tags or
    audio) goes into one view whole. Then whole parts are dropped at random, but hash buckets are
    never all that is left.
    """
    mentions = cells.mentions
    split = _choose_split(mentions, config, rng)
    share = rng.uniform(config.share_low, config.share_high, mentions.n_rows)
    first = rng.random(len(mentions.unit_row)) < share[mentions.unit_row]
    whole_audio_first = rng.random(mentions.n_rows) < 0.5
    views = (
        _view(cells, first, split, whole_audio_first),
        _view(cells, ~first, split, ~whole_audio_first),
    )
    return _drop_parts(views[0], cells, config, rng), _drop_parts(views[1], cells, config, rng)


def _choose_split(mentions: Mentions, config: TowerConfig, rng: np.random.Generator) -> Ids:
    drawn = rng.random(mentions.n_rows)
    several = mentions.n_units_of > 1
    by_facet = (drawn < config.by_facet) & several[BY_FACET]
    by_artist = (drawn >= 1 - config.by_artist) & several[BY_ARTIST]
    return np.where(by_facet, BY_FACET, np.where(by_artist, BY_ARTIST, BY_ITEM))


def _view(cells: Cells, taken: Flags, split: Ids, whole_audio: Flags) -> View:
    """The view made of the units that are `taken`: [n_units]."""
    mentions, sound = cells.mentions, cells.sound
    row = mentions.cell_row[mentions.cell]
    unit = mentions.units[split[row], np.arange(len(row))]
    weights = cells.weights(mentions.amounts(taken[unit]))
    item_unit = mentions.item_units[split[sound.row], sound.item]
    figures = sound.figures(taken[item_unit])
    loose = np.bincount(sound.row, minlength=mentions.n_rows) == 0
    figures[loose & whole_audio] = sound.whole[loose & whole_audio]
    return View(weights, cells.scale.standardise(figures))


def whole_view(cells: Cells) -> View:
    """Every listener undivided."""
    mentions = cells.mentions
    amounts = mentions.amounts(np.ones(len(mentions.cell), np.bool_))
    return View(cells.weights(amounts), cells.scale.standardise(cells.sound.whole))


def _drop_parts(view: View, cells: Cells, config: TowerConfig, rng: np.random.Generator) -> View:
    n_rows, fields = cells.mentions.n_rows, cells.fields
    place = cells.mentions.cell_row * N_FIELDS + fields
    bags = np.bincount(place, view.weights, n_rows * N_FIELDS).reshape(n_rows, N_FIELDS) > 0
    present = np.column_stack([bags, has_audio(view.audio)])
    dropped = rng.random(present.shape) < config.drop_part
    left = present & ~dropped
    left[:, Field.HASHED] = False
    dropped[~left.any(axis=1)] = False
    weights = np.where(dropped[cells.mentions.cell_row, fields], 0.0, view.weights)
    return View(weights, np.where(dropped[:, -1:], np.float32(0), view.audio))


def has_audio(audio: NDArray[np.float32]) -> Flags:
    """[n], whether any attribute is known, of audio features [n, AUDIO_WIDTH]."""
    return np.asarray(audio[:, AUDIO_WIDTH - N_AUDIO :].sum(axis=1) > 0)


def usable_rows(cells: Cells, views: tuple[View, View]) -> Ids:
    """Listeners of whom both views hold something."""
    return np.flatnonzero(filled_rows(cells, views[0]) & filled_rows(cells, views[1]))


def filled_rows(cells: Cells, view: View) -> Flags:
    """[n_rows], whether a view of a listener holds something."""
    heard = np.bincount(cells.mentions.cell_row, view.weights, cells.mentions.n_rows) > 0
    return np.asarray(heard | has_audio(view.audio))


def batches(cells: Cells, views: tuple[View, View], rows: Ids, size: int) -> Iterator[Arrays]:
    """Cut views into steps of about `size` listeners, of equal length.

    Args:
        cells: the listeners.
        views: two views of them.
        rows: the listeners to take, in this order.
        size: most listeners in a step.

    Yields:
        the arrays of `batch_of`.
    """
    for part in parted(rows, size):
        yield batch_of(cells, views, part)


def parted(rows: Ids, size: int) -> list[Ids]:
    """Rows in parts of equal length, of `size` at most."""
    return np.array_split(rows, max(1, -(-len(rows) // size)))


def batch_of(cells: Cells, views: tuple[View, ...], rows: Ids) -> Arrays:
    """The arrays of one step.

    Returns:
        tokens, weights, own, listeners: [n_entries]; segments: [n_entries] = place * n_fields + field, where
        the listeners of the first view have the places 0 … n-1, those of the second n … 2n-1;
        audio: [n_views * n, AUDIO_WIDTH]; ids: [n] int64, equal where the last view is the same.
    """
    return _batch_of(cells, views, [rows] * len(views))


def batch_of_pairs(cells: Cells, views: tuple[View, View], rows: Ids) -> Arrays:
    """The arrays of `batch_of`, with other listeners in the second view than in the first.

    Args:
        cells: the listeners.
        views: two views of them.
        rows: [n, 2], who comes in the first view and who in the second.
    """
    return _batch_of(cells, views, [rows[:, 0], rows[:, 1]])


def _batch_of(cells: Cells, views: tuple[View, ...], rows: list[Ids]) -> Arrays:
    """Each view with its own listeners, as many in each."""
    n, fields = len(rows[0]), cells.fields
    taken = [_present(cells, view, some) for view, some in zip(views, rows, strict=True)]
    found = np.concatenate([cell for _, cell in taken])
    seat = np.concatenate([place + number * n for number, (place, _) in enumerate(taken)])
    weights = np.concatenate([view.weights[cell] for view, (_, cell) in zip(views, taken, strict=True)])
    return {
        "tokens": cells.mentions.cell_token[found].astype(np.int32),
        "segments": (seat * N_FIELDS + fields[found]).astype(np.int32),
        "weights": weights.astype(np.float32),
        "own": cells.own[found],
        "listeners": cells.mentions.cell_row[found].astype(np.int32),
        "audio": np.concatenate([view.audio[some] for view, some in zip(views, rows, strict=True)]),
        "ids": _fingerprints(cells, taken[-1][1], taken[-1][0], n),
    }


def _present(cells: Cells, view: View, rows: Ids) -> tuple[Ids, Ids]:
    """`_take` without the cells that are not in a view."""
    place, cell = _take(cells.mentions, rows)
    kept = np.flatnonzero(view.weights[cell] > 0)
    return place[kept], cell[kept]


def _take(mentions: Mentions, rows: Ids) -> tuple[Ids, Ids]:
    """All cells of some listeners: for each the listener's place in `rows`, and the cell."""
    start = np.searchsorted(mentions.cell_row, rows)
    count = np.searchsorted(mentions.cell_row, rows, side="right") - start
    place = np.repeat(np.arange(len(rows)), count)
    before = np.cumsum(count) - count
    return place, np.arange(len(place)) + (start - before)[place]


def _fingerprints(cells: Cells, cell: Ids, place: Ids, n_rows: int) -> Ids:
    """[n_rows], equal for listeners with the same tokens; sums of random codes, wrapping around."""
    codes = np.zeros(n_rows, np.uint64)
    np.add.at(codes, place, cells.token_codes[cells.mentions.cell_token[cell]])
    return codes.view(np.int64)
