"""BM25-weighted item neighbours, by the implicit library."""

import numpy as np
from implicit.nearest_neighbours import ItemItemRecommender, bm25_weight
from scipy import sparse

from recommender.models.candidate_models.sparse_matrices import Matrix, without_diagonal
from recommender.models.histories import Histories

_SATURATION = 1.2
_LENGTH = 0.75
"""BM25's k1 and b, as usual in text search."""


def bm25(histories: Histories, neighbours: int) -> Matrix:
    """Similarity of products by who bought them, with BM25 weights that damp popular products and busy customers."""
    weighted = bm25_weight(histories.matrix().T, _SATURATION, _LENGTH).T
    model = ItemItemRecommender(K=neighbours + 1, num_threads=1)
    model.fit(sparse.csr_matrix(weighted), show_progress=False)
    return without_diagonal(sparse.csr_matrix(model.similarity, dtype=np.float32))
