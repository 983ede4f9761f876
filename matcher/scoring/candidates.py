"""Candidates in memory: retrieval by vector and shared items, all components."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.components import (
    COMPONENTS,
    REGISTRY,
    Columns,
    WeighedProfile,
    column,
    gather_components,
    known_kinds,
    pair_chance,
)
from matcher.scoring.overlap import KINDS, NORM_POWER, WeighedBag
from matcher.scoring.ranker import Ranker

Rows = NDArray[np.int64]

RETRIEVED = 400  # candidates from each component that retrieves; in the database, by vector only


@dataclass(frozen=True, slots=True, eq=False)
class _Postings:
    """Inverted index of one kind of bag: candidate rows and weights by item."""

    places: dict[str, tuple[Rows, Doubles]]
    norms: Doubles

    @classmethod
    def of(cls, bags: Sequence[WeighedBag]) -> "_Postings":
        rows: dict[str, list[int]] = defaultdict(list)
        weights: dict[str, list[float]] = defaultdict(list)
        for row, bag in enumerate(bags):
            for key, weight in bag.weights.items():
                rows[key].append(row)
                weights[key].append(weight)
        places = {key: (np.asarray(found), np.asarray(weights[key])) for key, found in rows.items()}
        return cls(places, np.array([bag.norm for bag in bags]))

    def overlap(self, bag: WeighedBag) -> Doubles:
        """[n] float64: overlap of a bag with each candidate's."""
        n = len(self.norms)
        hits = [(self.places[key], weight) for key, weight in bag.weights.items() if key in self.places]
        if not hits:
            return np.zeros(n)
        rows = np.concatenate([rows for (rows, _), _ in hits])
        products = np.concatenate([weights * weight for (_, weights), weight in hits])
        total = np.bincount(rows, weights=products, minlength=n)
        scale = np.where(self.norms > 0, self.norms * bag.norm, 1.0) ** NORM_POWER
        return np.asarray(total / scale)


class Candidates:
    """Candidates in memory; `profiles` in the order of `ids`.

    Raises:
        ValueError: the lengths differ.
    """

    def __init__(self, ids: Sequence[str], profiles: Sequence[WeighedProfile]) -> None:
        if len(ids) != len(profiles):
            raise ValueError("every candidate needs an id and a profile")
        self.ids = tuple(ids)
        self._stored = np.array([one.stored for one in profiles], dtype=np.float64)
        self._audio = np.array([one.audio for one in profiles])
        self._postings = {kind: _Postings.of([one.bags[kind] for one in profiles]) for kind in KINDS}
        self._closeness = np.array([one.closeness for one in profiles])
        self._own = np.array([one.own for one in profiles])
        self._chance = np.array([one.chance for one in profiles])
        self._known = np.array([known_kinds(one) for one in profiles])
        self._n_items = [one.n_items for one in profiles]
        self._row_of = {key: row for row, key in enumerate(self.ids)}

    def n_items(self, key: str) -> int:
        """Number of artists and tracks in a candidate's profile.

        Raises:
            KeyError: unknown candidate.
        """
        return self._n_items[self._row_of[key]]

    def __len__(self) -> int:
        return len(self.ids)

    def components(self, query: WeighedProfile) -> Doubles:
        """[n, n_components] float64: every component for every candidate."""
        if not self.ids:
            return np.zeros((0, len(COMPONENTS)))
        overlaps = {kind: self._postings[kind].overlap(query.bags[kind]) for kind in KINDS}
        return gather_components(query, Columns(self._stored, overlaps, self._audio, self._closeness))

    def scores(self, ranker: Ranker, query: WeighedProfile) -> Doubles:
        """[n] float64 likeness of every candidate."""
        return self._score(ranker, query, self.components(query), np.arange(len(self.ids)))

    def _score(self, ranker: Ranker, query: WeighedProfile, values: Doubles, rows: Rows) -> Doubles:
        if not len(rows):
            return np.zeros(0)
        chance = pair_chance(query.chance, self._chance[rows], self._known[rows] * known_kinds(query))
        return ranker.scores(values, chance, 0.5 * (query.own + self._own[rows]))

    def rank(
        self, ranker: Ranker, query: WeighedProfile, top_n: int, exclude: str = "", k: int = RETRIEVED
    ) -> list[tuple[str, float]]:
        """The best candidates of a query without `exclude`: (id, score), ties by id."""
        values = self.components(query)
        rows = retrieve_rows(values, k)
        rows = rows[rows != self._row_of.get(exclude, -1)]
        scores = self._score(ranker, query, values[rows], rows)
        best = sorted(zip(-scores, (self.ids[row] for row in rows), strict=True))[: max(top_n, 0)]
        return [(key, float(-score)) for score, key in best]


def retrieve_rows(values: Doubles, k: int) -> Rows:
    """Sorted rows that are among the `k` highest of any retrieving component.

    `values` is [n, n_components]; `k` may exceed n.
    """
    places = [column(name) for name, component in REGISTRY.items() if component.retrieves]
    return np.unique(np.concatenate([_highest(values[:, place], k) for place in places]))


def _highest(values: Doubles, k: int) -> Rows:
    if k >= len(values):
        return np.arange(len(values))
    return np.argpartition(-values, k)[:k] if k > 0 else np.zeros(0, np.int64)
