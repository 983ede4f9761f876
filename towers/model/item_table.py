"""The shared item embeddings before training: a truncated SVD of training listeners by tokens."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from matcher.likeness import Doubles
from towers.examples.interactions import Ids, Mentions
from towers.features.feature_maker import N_FIELDS, damp
from towers.features.vocabulary import Field

_ROW_SMOOTHING = 0.2
_TOKEN_SMOOTHING = 0.6
_FEWEST_FACTORS = 8
_LISTENERS_A_FACTOR = 20
"""Fewer listeners than that for a factor, and the factors describe them rather than their taste."""

_TRUST: dict[Field, float] = {
    Field.ARTIST: 1.0,
    Field.TRACK: 1.0,
    Field.TAG: 0.7,
    Field.WORD: 0.5,
    Field.DECADE: 0.3,
    Field.HASHED: 0.02,
}
"""How much each field has to say before anything is learned."""

TRUST = np.asarray([_TRUST[field] for field in Field])


@dataclass(frozen=True, slots=True, eq=False)
class ItemLinks:
    """The graph of listeners and tokens, normalised, and its factors.

    Attributes:
        links: [n_cells] float32, the entry of each cell in the normalised matrix M.
        factors: [n_rows, dim] float32; the embeddings are Mᵀ · factors.
    """

    links: NDArray[np.float32]
    factors: NDArray[np.float32]


def factorise(mentions: Mentions, token_fields: Ids, dim: int, seed: int) -> ItemLinks:
    """Factorise the graph.

    M = D_u^-½ X D_i^-½, with a share of the usual degree added to both, so that thin listeners and rare
    items do not stand out (regularised spectral clustering: Amini, Chen, Bickel, Levina, Annals of
    Statistics 41(4), 2013), and M ≈ Z S Vᵀ by randomised SVD (Halko, Martinsson, Tropp, SIAM Review 53(2),
    2011). The embeddings V S are then Mᵀ Z, so the part that one listener has in them can be taken out
    (see `ItemTable`).
    """
    links = _links(mentions, token_fields).astype(np.float32)
    shape = (mentions.n_rows, len(token_fields))
    matrix = sp.csr_array((links, (mentions.cell_row, mentions.cell_token)), shape=shape)
    n_factors = min(dim, *matrix.shape, max(_FEWEST_FACTORS, mentions.n_rows // _LISTENERS_A_FACTOR))
    left, _, _ = randomized_svd(matrix, n_factors, n_iter=4, random_state=seed)
    factors = np.zeros((mentions.n_rows, dim), np.float32)
    factors[:, :n_factors] = left * np.sqrt(mentions.n_rows / n_factors)
    return ItemLinks(links, factors)


def _links(mentions: Mentions, token_fields: Ids) -> Doubles:
    strengths, row_degree = _strengths(mentions, token_fields[mentions.cell_token])
    token_degree = np.bincount(mentions.cell_token, strengths, len(token_fields))
    usual = len(strengths) / max(1, mentions.n_rows)
    of_token = token_degree[mentions.cell_token] + _TOKEN_SMOOTHING * usual
    degrees = (row_degree + _ROW_SMOOTHING * usual) * of_token
    return TRUST[token_fields[mentions.cell_token]] * strengths / np.sqrt(degrees)


def _strengths(mentions: Mentions, fields: Ids) -> tuple[Doubles, Doubles]:
    """[n_cells] damped amounts, 1 on average within a listener's field; and how many stand in that field."""
    damped = damp(mentions.amounts(np.ones(len(mentions.cell), np.bool_)), fields)
    place = mentions.cell_row * N_FIELDS + fields
    count = np.bincount(place)
    per_amount = count[place] / np.bincount(place, damped)[place]
    return damped * per_amount, count[place].astype(np.float64)
