"""Positive pairs: listeners who belong together, for additional training steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matcher.ports import ScoredPair
from towers.config import TowerConfig
from towers.examples.interactions import Ids
from towers.examples.views import (
    Arrays,
    Dataset,
    Flags,
    View,
    chunks_of,
    filled_rows,
    full_view,
    make_batch,
    make_pair_batch,
)

FULL_SCORE = 5.0
"""Lowest score with weight 1."""


@dataclass(frozen=True, slots=True, eq=False)
class PositivePairs:
    """Pairs of training listeners who belong together.

    Attributes:
        rows: [n_pairs, 2], two different training listeners each, no pair twice.
        weights: [n_pairs] float32, in (0, 1], proportional to the score.
        positives: [n_listeners, n_listeners] bool, symmetric: partners, and the diagonal.
    """

    rows: Ids
    weights: NDArray[np.float32]
    positives: sp.csr_array

    @classmethod
    def of(cls, scored: Sequence[ScoredPair], listener_ids: Sequence[str]) -> "PositivePairs":
        """Select distinct pairs of training listeners with a score above 0.

        `listener_ids` are the training listeners, in the order of rows.
        """
        row_of = {listener_id: row for row, listener_id in enumerate(listener_ids)}
        best: dict[tuple[int, int], float] = {}
        for pair in scored:
            a, b = row_of.get(pair.listener_id), row_of.get(pair.friend_id)
            if pair.score > 0 and a is not None and b is not None and a != b:
                key = (min(a, b), max(a, b))
                best[key] = max(pair.score, best.get(key, 0.0))
        rows = np.array(sorted(best), np.int64).reshape(-1, 2)
        scores = np.array([best[a, b] for a, b in rows.tolist()], np.float32)
        weights = (np.minimum(scores, FULL_SCORE) / FULL_SCORE).astype(np.float32)
        return cls(rows, weights, _positives(rows, len(listener_ids)))

    def __len__(self) -> int:
        return len(self.rows)

    def negative_mask(self, queries: Ids, candidates: Ids) -> Flags:
        """[n, n] whether a candidate may be a negative of a query; true on the diagonal."""
        mask = ~self.positives[queries][:, candidates].toarray()
        np.fill_diagonal(mask, True)
        return np.asarray(mask, np.bool_)


def _positives(rows: Ids, n_listeners: int) -> sp.csr_array:
    diagonal = np.arange(n_listeners)
    first = np.concatenate([rows[:, 0], rows[:, 1], diagonal])
    second = np.concatenate([rows[:, 1], rows[:, 0], diagonal])
    return sp.csr_array((np.ones(len(first), np.bool_), (first, second)), shape=(n_listeners, n_listeners))


class PairedSteps:
    """Steps of an epoch: one of pairs after every 1 / `pair_share` steps of views.

    A step of pairs matches a view of one listener with a view of the partner. Steps alternate between the
    epoch's views and full profiles, which are what serving compares. Known partners are never negatives.

    As in all training, a listener's own part is subtracted from the embeddings (see `ItemTable`). The
    partner's part stays, as when a newcomer meets a training listener.
    """

    def __init__(self, dataset: Dataset, pairs: PositivePairs, config: TowerConfig) -> None:
        self._dataset, self._pairs, self._share = dataset, pairs, config.pair_share
        self._rng = np.random.default_rng([config.seed, 1])
        self._full = full_view(dataset)
        self._due = 0.0
        self._n_steps = 0

    def steps(self, views: tuple[View, View], rows: Ids, size: int) -> Iterator[Arrays]:
        """Yield `make_batch` arrays with `sample_weight` [n] float32, `mask` [n, n] bool.

        `size` is the largest number of listeners, and of pairs, in a step.
        """
        for chunk in chunks_of(rows, size):
            yield {
                **make_batch(self._dataset, views, chunk),
                "sample_weight": np.ones(len(chunk), np.float32),
                "mask": self._pairs.negative_mask(chunk, chunk),
            }
            self._due += self._share
            if self._due >= 1.0:
                self._due -= 1.0
                yield self._pair_step(views, size)

    def _pair_step(self, views: tuple[View, View], size: int) -> Arrays:
        self._n_steps += 1
        pair_views = views if self._n_steps % 2 else (self._full, self._full)
        order = self._rng.permutation(len(self._pairs))
        swapped = self._rng.random(len(order)) < 0.5
        rows = self._pairs.rows[order]
        rows[swapped] = rows[swapped, ::-1]
        first, second = (filled_rows(self._dataset, view) for view in pair_views)
        usable = np.flatnonzero(first[rows[:, 0]] & second[rows[:, 1]])[:size]
        return {
            **make_pair_batch(self._dataset, pair_views, rows[usable]),
            "sample_weight": self._pairs.weights[order[usable]],
            "mask": self._pairs.negative_mask(rows[usable, 0], rows[usable, 1]),
        }
