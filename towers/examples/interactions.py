"""Interaction matrix: listeners as flat arrays, so that views need no Python loop."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matcher.domain.listening import Part
from matcher.domain.profile import Item, ListenerProfile, words_of
from towers.features.vocabulary import Field, Vocabulary

Ids = NDArray[np.int64]
Doubles = NDArray[np.float64]
Tags = Mapping[str, Mapping[str, float]]

N_SPLITS = 3
"""Ways to split a listener: by item, by facet, by artist."""
BY_ITEM, BY_FACET, BY_ARTIST = range(N_SPLITS)

_WITHOUT_ITEM = N_SPLITS
"""Split of interactions without an item: all of one field go to one view."""

_TAGS_PER_ARTIST = 12

_Interaction = tuple[int, float, int, int, int]
"""Token, amount, and its unit under each split."""


@dataclass(frozen=True, slots=True, eq=False)
class InteractionMatrix:
    """Sparse matrix of listeners by tokens, with the units of which views are made.

    A cell is one token of one listener; several interactions (a track in two playlists) add up in a cell. A
    unit is one item, facet or artist, and goes into one view as a whole.

    Attributes:
        cell_row: [n_cells], ascending, the listener of each cell.
        cell_token: [n_cells], the token of each cell, ascending within a listener.
        cell: [n_interactions], the cell of each interaction.
        amount: [n_interactions], plays or share, > 0.
        units: [N_SPLITS, n_interactions], the unit of each interaction under each split.
        item_units: [N_SPLITS, n_items], the units of each item of each listener, in order.
        unit_row: [n_units], the listener of each unit.
        n_units_of: [N_SPLITS, n_rows], number of units of a listener's items under each split.
    """

    n_rows: int
    cell_row: Ids
    cell_token: Ids
    cell: Ids
    amount: Doubles
    units: Ids
    item_units: Ids
    unit_row: Ids
    n_units_of: Ids

    def amounts(self, selected: NDArray[np.bool_]) -> Doubles:
        """[n_cells], sums over the selected interactions: [n_interactions]."""
        amount = np.where(selected, self.amount, 0.0)
        return np.bincount(self.cell, amount, len(self.cell_row)).astype(np.float64, copy=False)

    def all_amounts(self) -> Doubles:
        """[n_cells], sums over all interactions."""
        return self.amounts(np.ones(len(self.cell), np.bool_))


def collect_interactions(
    profiles: Sequence[ListenerProfile], vocabulary: Vocabulary, artist_tags: Tags
) -> InteractionMatrix:
    """Flatten profiles into the rows of a matrix.

    Tags follow their artist's items into a view. If no artist of a profile is in `artist_tags`, all its tags
    go into one view.
    """
    units = _Units()
    rows = (
        (row, *interaction)
        for row, profile in enumerate(profiles)
        for interaction in _interactions_of(row, profile, vocabulary, artist_tags, units)
    )
    flat = np.fromiter(chain.from_iterable(rows), np.float64).reshape(-1, 6)
    row, token, *unit_columns = flat[:, [0, 1, 3, 4, 5]].astype(np.int64).T
    codes, cell = np.unique(row * vocabulary.n_tokens + token, return_inverse=True)
    return InteractionMatrix(
        n_rows=len(profiles),
        cell_row=codes // vocabulary.n_tokens,
        cell_token=codes % vocabulary.n_tokens,
        cell=cell.astype(np.int64),
        amount=np.ascontiguousarray(flat[:, 2]),
        units=np.stack(unit_columns),
        item_units=np.asarray(units.items, np.int64).reshape(-1, N_SPLITS).T,
        unit_row=np.asarray(units.rows, np.int64),
        n_units_of=units.counts(len(profiles)),
    )


class _Units:
    def __init__(self) -> None:
        self.rows: list[int] = []
        self.items: list[tuple[int, int, int]] = []
        self._splits: list[int] = []
        self._row = -1
        self._numbers: list[dict[str, int]] = []

    def begin(self, row: int) -> None:
        self._row = row
        self._numbers = [{} for _ in range(N_SPLITS + 1)]

    def number(self, split: int, key: str) -> int:
        number = self._numbers[split].setdefault(key, len(self.rows))
        if number == len(self.rows):
            self.rows.append(self._row)
            self._splits.append(split)
        return number

    def add_item(self, item: Item) -> tuple[int, int, int]:
        by_item = self.number(BY_ITEM, item.track or item.artist)
        by_facet = self.number(BY_FACET, item.facet)
        by_artist = self.number(BY_ARTIST, item.artist or item.track)
        self.items.append((by_item, by_facet, by_artist))
        return self.items[-1]

    def counts(self, n_rows: int) -> Ids:
        rows, splits = np.asarray(self.rows, np.int64), np.asarray(self._splits, np.int64)
        return np.stack([np.bincount(rows[splits == split], minlength=n_rows) for split in range(N_SPLITS)])


def _interactions_of(
    row: int, profile: ListenerProfile, vocabulary: Vocabulary, artist_tags: Tags, units: _Units
) -> Iterator[_Interaction]:
    units.begin(row)
    tags_of = _tag_tokens(profile, vocabulary, artist_tags)
    for item in profile.items:
        item_units = units.add_item(item)
        for _, token in vocabulary.tokens_of(item):
            yield token, item.plays, *item_units
        decade = vocabulary.token(Field.DECADE, str(item.decade))
        if decade is not None:
            yield decade, item.plays, *item_units
        for token, share in tags_of.get(item.artist, ()):
            yield token, share * item.plays, *item_units
    if not tags_of:
        yield from _keyed(vocabulary, Field.TAG, profile.tags, units.number(_WITHOUT_ITEM, "tags"))
    for key, facet in profile.facets.items():
        if facet.part is Part.PLAYLISTS:
            words = dict.fromkeys(words_of(facet.name), 1.0)
            yield from _keyed(vocabulary, Field.WORD, words, units.number(BY_FACET, key))


def _tag_tokens(
    profile: ListenerProfile, vocabulary: Vocabulary, artist_tags: Tags
) -> dict[str, list[tuple[int, float]]]:
    """Tag tokens of each artist, with the amount per play of the artist."""
    tokens = {}
    for artist, plays in profile.artists.items():
        tags = _strongest(artist_tags.get(artist, {}))
        total = sum(tags.values())
        shares = ((vocabulary.token(Field.TAG, tag), weight) for tag, weight in tags.items())
        # an artist's tags weigh ln(1 + plays) in total, as in `matcher.domain.profile`
        per_play = math.log1p(plays) / plays
        known = [(token, per_play * weight / total) for token, weight in shares if token is not None]
        if known:
            tokens[artist] = known
    return tokens


def _strongest(tags: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))[:_TAGS_PER_ARTIST])


def _keyed(
    vocabulary: Vocabulary, field: Field, amounts: Mapping[str, float], unit: int
) -> Iterator[_Interaction]:
    for key, amount in amounts.items():
        token = vocabulary.token(field, key)
        if token is not None:
            yield token, amount, unit, unit, unit
