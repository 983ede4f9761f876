"""Alternating least squares: the rival that factorises who hears what."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from towers.evaluation.rivals.bags import ItemColumns, Profiles, unit_rows
from towers.metrics import Scores


@dataclass
class AlsBaseline:
    """Cosine of implicit-feedback factors with fold-in (Hu, Koren, Volinsky, ICDM 2008)."""

    n_factors: int = 128
    alpha: float = 40.0
    regularization: float = 1.0
    iterations: int = 10
    seed: int = 0
    _columns: ItemColumns = field(init=False, repr=False)
    _model: AlternatingLeastSquares = field(init=False, repr=False)

    def fit(self, profiles: Profiles) -> None:
        """Factorise listeners by items."""
        self._columns = ItemColumns.of(profiles)
        with threadpool_limits(1, "blas"):  # implicit runs its own threads
            self._model = AlternatingLeastSquares(
                self.n_factors,
                alpha=self.alpha,
                regularization=self.regularization,
                iterations=self.iterations,
                random_state=self.seed,
            )
            self._model.fit(self._rows(profiles), show_progress=False)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [-1, 1]; 0 for a listener without known items."""
        return np.asarray(self._fold_in(queries) @ self._fold_in(candidates).T, np.float64)

    def _fold_in(self, profiles: Profiles) -> Scores:
        if not profiles:
            return np.zeros((0, self.n_factors))
        with threadpool_limits(1, "blas"):
            factors = self._model.recalculate_user(np.arange(len(profiles)), self._rows(profiles))
        return np.asarray(unit_rows(np.nan_to_num(np.asarray(factors, np.float64))))

    def _rows(self, profiles: Profiles) -> sp.csr_matrix:
        return sp.csr_matrix(self._columns.matrix(profiles), dtype=np.float32)
