"""User-kNN of second order: the rival that compares whom two listeners are like."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from towers.evaluation.rivals.bags import ItemColumns, Matrix, Profiles, unit_rows
from towers.evaluation.rivals.overlap import normalised, weighed
from towers.metrics import Scores


@dataclass
class UserKnnBaseline:
    """Cosine of two listeners' similarities to the training listeners.

    A listener is described by its TF-IDF cosine, to a power, with each training listener: two who share
    nothing are near if they are near to the same people.

    Attributes:
        sharpness: exponent of the similarities; larger counts the nearest training listeners more.
    """

    idf_power: float = 2.0
    sharpness: float = 1.0
    plays: str = "log"
    _columns: ItemColumns = field(init=False, repr=False)
    _known: Matrix = field(init=False, repr=False)

    def fit(self, profiles: Profiles) -> None:
        """Keep the training listeners' bags."""
        self._columns = ItemColumns.of(profiles)
        self._known = self._columns.matrix(profiles)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [0, 1]."""
        known = normalised(self._weighed(self._known))
        left, right = (self._similarities(side, known) for side in (queries, candidates))
        return np.asarray(left @ right.T, np.float64)

    def _similarities(self, profiles: Profiles, known: Matrix) -> NDArray[np.float64]:
        """Rows of unit length, or 0: [n, n_known]."""
        similarities = normalised(self._weighed(self._columns.matrix(profiles))) @ known.T
        return unit_rows(similarities.toarray() ** self.sharpness)

    def _weighed(self, bags: Matrix) -> Matrix:
        return weighed(bags, self._columns, self.plays, self.idf_power)
