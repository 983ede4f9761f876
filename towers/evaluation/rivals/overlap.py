"""Overlap: the rival that counts shared items."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from towers.evaluation.rivals.bags import ItemColumns, Matrix, Profiles
from towers.metrics import Scores


def weighed(bags: Matrix, columns: ItemColumns, plays: str, idf_power: float) -> Matrix:
    """Log-damped or binary plays ("log", "binary"), times idf to a power."""
    values = bags.data if plays == "log" else np.ones_like(bags.data)
    weights = values * columns.idf[bags.indices] ** idf_power
    return sp.csr_array((weights, bags.indices, bags.indptr), shape=bags.shape)


def normalised(bags: Matrix) -> Matrix:
    """Rows of unit length."""
    return sp.csr_array(sp.diags_array(1.0 / lengths(bags)) @ bags)


def lengths(bags: Matrix) -> NDArray[np.float64]:
    """[n], Euclidean norms of the rows; 1 for an empty row."""
    norms = np.sqrt(np.asarray(bags.multiply(bags).sum(axis=1)))
    return np.where(norms > 0, norms, 1.0)


@dataclass
class OverlapBaseline:
    """Weights of shared items, normalised by length.

    Σ w(a, i) w(b, i) / (|a| |b|)^norm_power, with w = plays · idf^idf_power. With the defaults it is the
    TF-IDF cosine (Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 2008, chapter 6).
    Items unknown from training count as the rarest: without them the rival would be weaker.

    Attributes:
        kind: "items", or "artists" alone.
        plays: "log" or "binary".
    """

    kind: str = "items"
    plays: str = "log"
    idf_power: float = 1.0
    norm_power: float = 1.0
    _columns: ItemColumns = field(init=False, repr=False)

    def fit(self, profiles: Profiles) -> None:
        """Count the listeners of each item."""
        self._columns = ItemColumns.of(profiles, self.kind)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], >= 0."""
        columns = self._columns.extended(queries, candidates)
        left, right = (
            weighed(columns.matrix(side), columns, self.plays, self.idf_power)
            for side in (queries, candidates)
        )
        norms = np.outer(lengths(left), lengths(right)) ** self.norm_power
        return np.asarray((left @ right.T).toarray() / norms, np.float64)
