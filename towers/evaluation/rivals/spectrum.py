"""Untrained spectrum: the rival that is the towers' own starting table."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from towers.config import TowerConfig
from towers.evaluation.rivals.bags import Matrix, Profiles, unit_rows
from towers.examples.interactions import InteractionMatrix, collect_interactions
from towers.features.feature_maker import damp
from towers.features.vocabulary import Field, Vocabulary, build_vocabulary
from towers.metrics import Scores
from towers.model.item_table import factorise

MAX_FACTORS = 512
_ITEM_FIELDS = (Field.ARTIST, Field.TRACK)


@dataclass
class SpectrumBaseline:
    """Cosine of idf-weighted means of unit item vectors, without training.

    The vectors are the truncated SVD of the towers' own normalised matrix of listeners by artists and tracks
    (see `item_table.factorise`), with as many factors as are asked for, however few the listeners.
    """

    n_factors: int = 256
    idf_power: float = 1.0
    seed: int = 0
    _vocabulary: Vocabulary = field(init=False, repr=False)
    _table: NDArray[np.float32] = field(init=False, repr=False)

    def fit(self, profiles: Profiles) -> None:
        """Compute the item vectors: [n_tokens, MAX_FACTORS]."""
        self._vocabulary = build_vocabulary(profiles, TowerConfig(n_buckets=1))
        interactions = collect_interactions(profiles, self._vocabulary, {})
        self._table = item_vectors(interactions, self._vocabulary.token_fields, MAX_FACTORS, self.seed)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [-1, 1]; 0 for a listener without known items."""
        left, right = (unit_rows(self._means(side)) for side in (queries, candidates))
        return np.asarray(left @ right.T, np.float64)

    def _means(self, profiles: Profiles) -> NDArray[np.float64]:
        """Weighted sums of unit item vectors: [n, n_factors]."""
        if not profiles:
            return np.zeros((0, self.n_factors))
        bags = self._bags(profiles)
        heard = np.unique(bags.indices)
        return np.asarray(bags[:, heard] @ unit_rows(self._table[heard, : self.n_factors]))

    def _bags(self, profiles: Profiles) -> Matrix:
        """Damped plays times idf, of artists and tracks: [n, n_tokens]."""
        interactions = collect_interactions(profiles, self._vocabulary, {})
        fields = self._vocabulary.token_fields[interactions.cell_token]
        idf = self._vocabulary.idf[interactions.cell_token].astype(np.float64) ** self.idf_power
        weights = damp(interactions.all_amounts(), fields) * idf * np.isin(fields, _ITEM_FIELDS)
        return _sparse(interactions, weights, self._vocabulary.n_tokens)


def item_vectors(
    interactions: InteractionMatrix, token_fields: NDArray[np.int64], n_factors: int, seed: int
) -> NDArray[np.float32]:
    """Right singular vectors times singular values: [n_tokens, n_factors], largest first.

    Only artists and tracks have vectors; the others are 0.
    """
    edges = factorise(interactions, token_fields, 1, seed).edges
    is_item = np.isin(token_fields[interactions.cell_token], _ITEM_FIELDS)
    matrix = _sparse(interactions, edges * is_item, len(token_fields))
    _, values, right = randomized_svd(matrix, min(n_factors, *matrix.shape), n_iter=4, random_state=seed)
    return np.asarray(right.T * values, np.float32)


def _sparse(interactions: InteractionMatrix, cells: NDArray[np.floating], n_tokens: int) -> Matrix:
    entries = (cells, (interactions.cell_row, interactions.cell_token))
    return sp.csr_array(entries, shape=(interactions.n_rows, n_tokens))
