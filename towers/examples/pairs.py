"""Pairs of listeners who belong together: weighted positives beside the self-supervised views."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from towers.config import TowerConfig
from towers.examples.interactions import Ids
from towers.examples.views import (
    Arrays,
    Cells,
    Flags,
    View,
    batch_of,
    batch_of_pairs,
    filled_rows,
    parted,
    whole_view,
)

ScoredPair = tuple[str, str, float]
"""Two listener ids, and how strongly they belong together: 0 ignored, 1 clicked, 5 strong."""

STRONG = 5.0
"""The score that weighs 1; more weighs no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Training listeners who belong together, whichever of the two was named first.

    Attributes:
        rows: [n_pairs, 2], two different training listeners each, no pair twice.
        weights: [n_pairs] float32, in (0, 1], proportional to the score.
        known: [n_listeners, n_listeners] bool, symmetric: partners, and everybody to themselves.
    """

    rows: Ids
    weights: NDArray[np.float32]
    known: sp.csr_array

    @classmethod
    def of(cls, scored: Sequence[ScoredPair], listener_ids: Sequence[str]) -> "Pairs":
        """The pairs with a score above 0 whose listeners are both among `listener_ids`, row by row.

        Of a pair that is named more than once the highest score counts.
        """
        row_of = {listener_id: row for row, listener_id in enumerate(listener_ids)}
        best: dict[tuple[int, int], float] = {}
        for one, other, score in scored:
            if score > 0 and one != other and one in row_of and other in row_of:
                pair = (min(row_of[one], row_of[other]), max(row_of[one], row_of[other]))
                best[pair] = max(score, best.get(pair, 0.0))
        rows = np.array(sorted(best), np.int64).reshape(-1, 2)
        scores = np.array([best[one, other] for one, other in rows.tolist()], np.float32)
        weights = (np.minimum(scores, STRONG) / STRONG).astype(np.float32)
        return cls(rows, weights, _known(rows, len(listener_ids)))

    def __len__(self) -> int:
        return len(self.rows)

    def may_part(self, ones: Ids, others: Ids) -> Flags:
        """[n, n], true where `others`' column may be a negative of `ones`' row, and on the diagonal."""
        found = ~self.known[ones][:, others].toarray()
        np.fill_diagonal(found, True)
        return np.asarray(found, np.bool_)


def _known(rows: Ids, n_listeners: int) -> sp.csr_array:
    everybody = np.arange(n_listeners)
    ones = np.concatenate([rows[:, 0], rows[:, 1], everybody])
    others = np.concatenate([rows[:, 1], rows[:, 0], everybody])
    return sp.csr_array((np.ones(len(ones), np.bool_), (ones, others)), shape=(n_listeners, n_listeners))


class PairedSteps:
    """The steps of an epoch when pairs are known: those of the views, and steps of pairs among them.

    After every 1 / `pair_share` steps of views comes one of pairs: a view of the one with a view of the
    other, by turns in the parts of this epoch and whole, as friends are compared when they are served. A
    listener's known partners are negatives in neither kind of step. As everywhere in training, what a
    listener itself has in the table is taken out of its view; what its partner has stays, as it does where a
    listener meets one whom the towers were trained on.

    Args:
        cells: the training listeners.
        pairs: those of them who belong together.
        config: `pair_share` and `seed` are used.
    """

    def __init__(self, cells: Cells, pairs: Pairs, config: TowerConfig) -> None:
        self._cells, self._pairs, self._share = cells, pairs, config.pair_share
        self._rng = np.random.default_rng([config.seed, 1])
        self._whole = whole_view(cells)
        self._due = 0.0
        self._n_drawn = 0

    def steps(self, views: tuple[View, View], rows: Ids, size: int) -> Iterator[Arrays]:
        """The arrays of `batch_of` with `sample_weight`, [n] float32, and `mask`, [n, n] bool.

        Args:
            views: two views of all listeners.
            rows: the listeners to take, in this order.
            size: most listeners, and most pairs, in a step.
        """
        for part in parted(rows, size):
            weights = np.ones(len(part), np.float32)
            yield {
                **batch_of(self._cells, views, part),
                "sample_weight": weights,
                "mask": self._pairs.may_part(part, part),
            }
            self._due += self._share
            if self._due >= 1.0:
                self._due -= 1.0
                yield self._step_of_pairs(views, size)

    def _step_of_pairs(self, views: tuple[View, View], size: int) -> Arrays:
        self._n_drawn += 1
        chosen = self._views(views)
        numbers = self._rng.permutation(len(self._pairs))
        turned = self._rng.random(len(numbers)) < 0.5
        rows = self._pairs.rows[numbers]
        rows[turned] = rows[turned, ::-1]
        one, other = (filled_rows(self._cells, view) for view in chosen)
        able = np.flatnonzero(one[rows[:, 0]] & other[rows[:, 1]])[:size]
        return {
            **batch_of_pairs(self._cells, chosen, rows[able]),
            "sample_weight": self._pairs.weights[numbers[able]],
            "mask": self._pairs.may_part(rows[able, 0], rows[able, 1]),
        }

    def _views(self, views: tuple[View, View]) -> tuple[View, View]:
        return views if self._n_drawn % 2 else (self._whole, self._whole)
