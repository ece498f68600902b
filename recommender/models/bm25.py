"""BM25-weighted item neighbours, by the implicit library."""

import numpy as np
from implicit.nearest_neighbours import BM25Recommender
from scipy import sparse

from recommender.models.histories import Histories
from recommender.models.similarity import Matrix, without_diagonal


def bm25(histories: Histories, neighbours: int) -> Matrix:
    """Likeness of products by who bought them, BM25 taming popular products and busy customers."""
    model = BM25Recommender(K=neighbours + 1, num_threads=1)
    model.fit(sparse.csr_matrix(histories.matrix()), show_progress=False)
    return without_diagonal(sparse.csr_matrix(model.similarity, dtype=np.float32))
