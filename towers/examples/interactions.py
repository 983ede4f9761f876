"""Mentions: the training listeners as flat arrays, so that fresh views need no Python per listener."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matcher.listening import Part
from matcher.profile import Item, ListenerProfile, words_of
from towers.features.vocabulary import Field, Vocabulary

Ids = NDArray[np.int64]
Doubles = NDArray[np.float64]
Tags = Mapping[str, Mapping[str, float]]

N_SPLITS = 3
"""Ways to split a listener: by item, by facet, by artist."""
BY_ITEM, BY_FACET, BY_ARTIST = range(N_SPLITS)

_LOOSE = N_SPLITS
"""Of mentions that belong to no item: all of one field go to one view."""

_TAGS_PER_ARTIST = 12

_Mention = tuple[int, float, int, int, int]
"""Token, amount, and the units it goes with."""


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """What each listener's items say of which token, and what goes together when a listener is split.

    A cell is one listener's one token; several mentions (a track in two playlists) may fall into a cell.

    Attributes:
        n_rows: number of listeners.
        cell_row: [n_cells], rising, the listener of each cell.
        cell_token: [n_cells], the token of each cell, rising within a listener.
        cell: [n_mentions], the cell a mention falls into.
        amount: [n_mentions], plays or share, > 0.
        units: [N_SPLITS, n_mentions], what the mention goes with under each split; no unit spans listeners.
        item_units: [N_SPLITS, n_items], the same for each item of each listener, as they come.
        unit_row: [n_units], the listener of each unit.
        n_units_of: [N_SPLITS, n_rows], into how many units each split cuts a listener's items.
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

    def amounts(self, taken: NDArray[np.bool_]) -> Doubles:
        """[n_cells], summed amounts of the mentions that are `taken`: [n_mentions]."""
        kept = np.where(taken, self.amount, 0.0)
        return np.bincount(self.cell, kept, len(self.cell_row)).astype(np.float64, copy=False)


def collect_mentions(
    profiles: Sequence[ListenerProfile], vocabulary: Vocabulary, artist_tags: Tags
) -> Mentions:
    """Flatten profiles.

    Args:
        profiles: the training listeners; their order is the order of the rows.
        vocabulary: the tokens.
        artist_tags: tags by artist. Where an artist is in it, tags follow the artist's items into a view;
            a profile none of whose artists is in it gives all its tags to one view.
    """
    units = _Units()
    rows = (
        (row, *mention)
        for row, profile in enumerate(profiles)
        for mention in _mentions_of(row, profile, vocabulary, artist_tags, units)
    )
    flat = np.fromiter(chain.from_iterable(rows), np.float64).reshape(-1, 6)
    return _mentions(len(profiles), flat, units, vocabulary.n_tokens)


def _mentions(n_rows: int, flat: Doubles, units: "_Units", n_tokens: int) -> Mentions:
    whole = flat[:, [0, 1, 3, 4, 5]].astype(np.int64)
    codes, cell = np.unique(whole[:, 0] * n_tokens + whole[:, 1], return_inverse=True)
    return Mentions(
        n_rows=n_rows,
        cell_row=codes // n_tokens,
        cell_token=codes % n_tokens,
        cell=cell.astype(np.int64),
        amount=np.ascontiguousarray(flat[:, 2]),
        units=np.ascontiguousarray(whole[:, 2:].T),
        item_units=np.asarray(units.items, np.int64).reshape(-1, N_SPLITS).T,
        unit_row=np.asarray(units.rows, np.int64),
        n_units_of=units.counts(n_rows),
    )


class _Units:
    """Numbers for what goes together, handed out listener by listener."""

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
        found = self._numbers[split].setdefault(key, len(self.rows))
        if found == len(self.rows):
            self.rows.append(self._row)
            self._splits.append(split)
        return found

    def of(self, item: Item) -> tuple[int, int, int]:
        by_item = self.number(BY_ITEM, item.track or item.artist)
        by_facet = self.number(BY_FACET, item.facet)
        by_artist = self.number(BY_ARTIST, item.artist or item.track)
        self.items.append((by_item, by_facet, by_artist))
        return self.items[-1]

    def counts(self, n_rows: int) -> Ids:
        rows, splits = np.asarray(self.rows, np.int64), np.asarray(self._splits, np.int64)
        return np.stack([np.bincount(rows[splits == one], minlength=n_rows) for one in range(N_SPLITS)])


def _mentions_of(
    row: int, profile: ListenerProfile, vocabulary: Vocabulary, artist_tags: Tags, units: _Units
) -> Iterator[_Mention]:
    units.begin(row)
    tagged = _tagged(profile, vocabulary, artist_tags)
    for item in profile.items:
        together = units.of(item)
        for _, token in vocabulary.tokens_of(item):
            yield token, item.plays, *together
        decade = vocabulary.token(Field.DECADE, str(item.decade))
        if decade is not None:
            yield decade, item.plays, *together
        for token, share in tagged.get(item.artist, ()):
            yield token, share * item.plays, *together
    if not tagged:
        yield from _keyed(vocabulary, Field.TAG, profile.tags, units.number(_LOOSE, "tags"))
    for key, facet in profile.facets.items():
        if facet.part is Part.PLAYLISTS:
            words = dict.fromkeys(words_of(facet.name), 1.0)
            unit = units.number(BY_FACET, key)
            yield from _keyed(vocabulary, Field.WORD, words, unit)


def _tagged(
    profile: ListenerProfile, vocabulary: Vocabulary, artist_tags: Tags
) -> dict[str, list[tuple[int, float]]]:
    """Tag tokens of each artist, with what one play of the artist adds to them.

    An artist's tags weigh ln(1 + plays) together, as in `matcher.profile`; its items share that out.
    """
    found = {}
    for artist, plays in profile.artists.items():
        tags = _strongest(artist_tags.get(artist, {}))
        total = sum(tags.values())
        shares = ((vocabulary.token(Field.TAG, tag), weight) for tag, weight in tags.items())
        per_play = math.log1p(plays) / plays
        known = [(token, per_play * weight / total) for token, weight in shares if token is not None]
        if known:
            found[artist] = known
    return found


def _strongest(tags: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))[:_TAGS_PER_ARTIST])


def _keyed(
    vocabulary: Vocabulary, field: Field, amounts: Mapping[str, float], unit: int
) -> Iterator[_Mention]:
    for key, amount in amounts.items():
        token = vocabulary.token(field, key)
        if token is not None:
            yield token, amount, unit, unit, unit
