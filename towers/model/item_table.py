"""Item table: shared token embeddings, initialised by a truncated SVD."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import Doubles
from towers.examples.interactions import Ids, InteractionMatrix
from towers.features.feature_maker import N_FIELDS, damp
from towers.features.vocabulary import Field
from towers.model.backend import tf, tf_keras
from towers.model.distances import Tensor

_TINY = 1e-12
_ROW_SMOOTHING = 0.2
_TOKEN_SMOOTHING = 0.6
_MIN_FACTORS = 8
_LISTENERS_PER_FACTOR = 20
"""With fewer per factor, factors describe single listeners instead of taste."""

_FIELD_WEIGHTS: dict[Field, float] = {
    Field.ARTIST: 1.0,
    Field.TRACK: 1.0,
    Field.TAG: 0.7,
    Field.WORD: 0.5,
    Field.DECADE: 0.3,
    Field.HASHED: 0.02,
}

FIELD_WEIGHTS = np.asarray([_FIELD_WEIGHTS[field] for field in Field])
"""[n_fields], initial weight of each field."""


@dataclass(frozen=True, slots=True, eq=False)
class GraphFactors:
    """The normalised graph M of listeners and tokens, and its factors.

    Attributes:
        edges: [n_cells] float32, the entry of each cell in M.
        factors: [n_rows, dim] float32; the embeddings are Mᵀ · factors.
    """

    edges: NDArray[np.float32]
    factors: NDArray[np.float32]


def factorise(interactions: InteractionMatrix, token_fields: Ids, dim: int, seed: int) -> GraphFactors:
    """Factorise the graph of listeners and tokens.

    M = D_u^-½ X D_i^-½, with a share of the mean degree added to both degrees, so that listeners with few
    items and rare items do not dominate (regularised spectral clustering: Amini, Chen, Bickel, Levina, Annals
    of Statistics 41(4), 2013). M ≈ Z S Vᵀ by randomised SVD (Halko, Martinsson, Tropp, SIAM Review 53(2),
    2011). The embeddings V S equal Mᵀ Z, so one listener's part can be subtracted (see `ItemTable`).
    """
    edges = _edges(interactions, token_fields).astype(np.float32)
    shape = (interactions.n_rows, len(token_fields))
    matrix = sp.csr_array((edges, (interactions.cell_row, interactions.cell_token)), shape=shape)
    max_factors = max(_MIN_FACTORS, interactions.n_rows // _LISTENERS_PER_FACTOR)
    n_factors = min(dim, *matrix.shape, max_factors)
    left, _, _ = randomized_svd(matrix, n_factors, n_iter=4, random_state=seed)
    factors = np.zeros((interactions.n_rows, dim), np.float32)
    factors[:, :n_factors] = left * np.sqrt(interactions.n_rows / n_factors)
    return GraphFactors(edges, factors)


def _edges(interactions: InteractionMatrix, token_fields: Ids) -> Doubles:
    fields = token_fields[interactions.cell_token]
    strengths, row_degree = _strengths(interactions, fields)
    token_degree = np.bincount(interactions.cell_token, strengths, len(token_fields))
    mean_degree = len(strengths) / max(1, interactions.n_rows)
    smooth_token_degree = token_degree[interactions.cell_token] + _TOKEN_SMOOTHING * mean_degree
    degrees = (row_degree + _ROW_SMOOTHING * mean_degree) * smooth_token_degree
    return FIELD_WEIGHTS[fields] * strengths / np.sqrt(degrees)


def _strengths(interactions: InteractionMatrix, fields: Ids) -> tuple[Doubles, Doubles]:
    """[n_cells] damped amounts, mean 1 in each bag; [n_cells] cells of that bag."""
    damped = damp(interactions.all_amounts(), fields)
    bag = interactions.cell_row * N_FIELDS + fields
    count = np.bincount(bag)
    per_amount = count[bag] / np.bincount(bag, damped)[bag]
    return damped * per_amount, count[bag].astype(np.float64)


class ItemTable(tf_keras.layers.Layer):  # type: ignore[misc]
    """Embeddings of all tokens, as sums over the training listeners: Mᵀ · factors.

    In training, a listener's own part is subtracted from each embedding before the listener is embedded.
    Otherwise two views of a listener would match because the table memorises the listener, and nothing would
    generalise to new listeners.
    """

    def __init__(
        self, interactions: InteractionMatrix, graph: GraphFactors, n_tokens: int, trained: bool
    ) -> None:
        super().__init__(name="items")
        self._transposed = _transposed(interactions, graph, n_tokens)
        degree = np.bincount(interactions.cell_token, minlength=n_tokens)
        self._fixed = None if trained else tf.sparse.sparse_dense_matmul(self._transposed, graph.factors)
        self.log_degree = tf.constant(np.log1p(degree), tf.float32)
        self.factors = self.add_weight(
            name="factors",
            shape=graph.factors.shape,
            initializer=tf_keras.initializers.Constant(graph.factors),
            trainable=trained,
        )
        constant = tf_keras.initializers.Constant
        self.softness = self.add_weight(name="softness", initializer=constant(np.log(0.03)))
        self.degree_power = self.add_weight(name="degree_power", initializer=constant(0.0))

    def raw(self) -> Tensor:
        """[n_tokens, table_dim], embeddings before `bounded`."""
        if self._fixed is not None:
            return self._fixed
        return tf.sparse.sparse_dense_matmul(self._transposed, self.factors)

    def bounded(self, raw: Tensor, tokens: Tensor) -> Tensor:
        """Bound the length of embeddings [n, table_dim]; short ones shrink most."""
        length = tf.sqrt(tf.reduce_sum(raw * raw, axis=-1, keepdims=True) + _TINY)
        gain = tf.exp(self.degree_power * tf.gather(self.log_degree, tokens))
        return raw / (length + tf.exp(self.softness)) * gain[:, tf.newaxis]

    def call(self, tokens: Tensor, own: Tensor, listeners: Tensor) -> Tensor:
        """[n, table_dim] embeddings without the listener's own part.

        `own` [n] are edges of listener and token in M, 0 for listeners who are not in the table. `tokens` and
        `listeners`, rows of the training listeners, are [n] int32.
        """
        own_part = own[:, tf.newaxis] * tf.gather(self.factors, listeners)
        return self.bounded(tf.gather(self.raw(), tokens) - own_part, tokens)

    def folded(self, added: Floats | float = 0.0) -> Floats:
        """[n_tokens, table_dim] float32, the embeddings that serving uses.

        `added` [n_tokens, table_dim] is added to them before they are bounded.
        """
        raw = self.raw() + added
        return np.asarray(self.bounded(raw, tf.range(tf.shape(raw)[0])), np.float32)


def _transposed(interactions: InteractionMatrix, graph: GraphFactors, n_tokens: int) -> Tensor:
    entries = (graph.edges, (interactions.cell_token, interactions.cell_row))
    matrix = sp.csr_array(entries, shape=(n_tokens, interactions.n_rows)).tocoo()
    indices = np.column_stack(matrix.coords).astype(np.int64)
    return tf.sparse.reorder(tf.SparseTensor(indices, matrix.data, matrix.shape))
