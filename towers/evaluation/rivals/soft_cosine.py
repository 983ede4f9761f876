"""Soft cosine: the rival that also counts items which are heard together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from towers.evaluation.rivals.bags import ItemColumns, Matrix, Profiles
from towers.evaluation.rivals.overlap import weighed
from towers.metrics import Scores

Doubles = NDArray[np.float64]

_TINY = 1e-12
_BLOCK = 512
"""Rows of a sparse product that are held at once."""


@dataclass
class SoftCosineBaseline:
    """Soft cosine: an item also counts as shared with the items that are heard beside it.

    aᵀSb / (aᵀSa · bᵀSb)^(norm_power / 2), with S = I + share · (N + Nᵀ) / 2 (G. Sidorov et al., "Soft
    Similarity and Soft Cosine Measure", Computación y Sistemas 18(3), 2014) and N of `nearest_items`.
    """

    share: float = 0.1
    idf_power: float = 1.0
    norm_power: float = 1.0
    plays: str = "log"
    n_nearest: int = 200
    _columns: ItemColumns = field(init=False, repr=False)
    _nearest: Matrix = field(init=False, repr=False)

    def fit(self, profiles: Profiles) -> None:
        """Find the nearest items of each item."""
        self._columns = ItemColumns.of(profiles)
        nearest = nearest_items(self._columns.matrix(profiles), self.n_nearest)
        self._nearest = sp.csr_array((nearest + nearest.T) / 2)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], >= 0."""
        columns = self._columns.extended(queries, candidates)
        left, right = (
            weighed(columns.matrix(side), columns, self.plays, self.idf_power)
            for side in (queries, candidates)
        )
        norms = np.outer(self._lengths(left), self._lengths(right)) ** self.norm_power
        products = [(soft @ right.T).toarray() for _, soft in self._softened(left)]
        return np.asarray(np.vstack([*products, np.zeros((0, len(candidates)))]) / norms)

    def _softened(self, bags: Matrix) -> Iterator[tuple[Matrix, Matrix]]:
        """Yield A and A · S, in blocks of rows."""
        n_known = self._nearest.shape[0]
        for start in range(0, bags.shape[0], _BLOCK):
            block = bags[start : start + _BLOCK]
            nearby = sp.csr_array(self.share * (block[:, :n_known] @ self._nearest))
            entries = (nearby.data, nearby.indices, nearby.indptr)
            yield block, block + sp.csr_array(entries, shape=block.shape)

    def _lengths(self, bags: Matrix) -> NDArray[np.float64]:
        squares = [block.multiply(soft).sum(axis=1) for block, soft in self._softened(bags)]
        norms = np.sqrt(np.concatenate([*squares, np.zeros(0)]))
        return np.where(norms > 0, norms, 1.0)


def nearest_items(bags: Matrix, n_nearest: int) -> Matrix:
    """Normalised PPMI of each item with its nearest: [n_columns, n_columns], in [0, 1].

    Pointwise mutual information of being heard by one listener, divided by its largest value (G. Bouma,
    "Normalized (Pointwise) Mutual Information in Collocation Extraction", GSCL 2009). Items of one listener
    have no neighbours: all that is known of them is that listener.
    """
    counts = np.bincount(bags.indices, minlength=bags.shape[1]).astype(np.float64)
    several = np.flatnonzero(counts > 1)
    heard = sp.csc_array(bags[:, several] > 0).astype(np.float64)
    blocks = []
    for chunk in np.array_split(np.arange(len(several)), max(1, len(several) // _BLOCK)):
        together = sp.coo_array(heard[:, chunk].T @ heard)
        rows, columns = several[chunk[together.row]], several[together.col]
        values = _npmi(together.data, counts[rows], counts[columns], bags.shape[0])
        best = _strongest(np.where(rows == columns, 0.0, values), rows, n_nearest)
        blocks.append((values[best], rows[best], columns[best]))
    values, rows, columns = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return sp.csr_array((values, (rows, columns)), shape=(bags.shape[1], bags.shape[1]))


def _npmi(together: Doubles, left: Doubles, right: Doubles, n: int) -> Doubles:
    """Normalised PPMI of listeners of both, of one, of the other, of `n` in all."""
    information = np.log(together * n / (left * right)) / np.maximum(np.log(n / together), _TINY)
    return np.clip(information, 0.0, 1.0)


def _strongest(values: Doubles, rows: NDArray[np.integer], n: int) -> NDArray[np.intp]:
    """Positions of the `n` largest values above 0 in each row; `rows` ascend."""
    order = np.lexsort((-values, rows))
    ordered = rows[order]
    place = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return order[(place < n) & (values[order] > 0)]
