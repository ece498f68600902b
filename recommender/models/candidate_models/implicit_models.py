"""The item-to-item models of the implicit library: alternating least squares, and BM25-weighted neighbours."""

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import ItemItemRecommender, bm25_weight
from scipy import sparse
from sklearn.preprocessing import normalize

from infrastructure.progress import steps
from recommender.models.candidate_models.content import cosine_neighbours
from recommender.models.candidate_models.sparse_matrices import Matrix, without_diagonal
from recommender.models.histories import Histories

_FACTORS = 64
_ALPHA = 20.0
"""Confidence in an interaction against the lack of one, about what the paper found best."""
_SATURATION, _LENGTH = 1.2, 0.75
"""BM25's k1 and b, as usual in text search."""


def als(histories: Histories, neighbours: int, seed: int) -> Matrix:
    """Cosine of the products' factors: the ``neighbours`` that the same kinds of customers use.

    Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback" (ICDM 2008). The same histories and seed
    give the same factors: one thread, and seeded starting values.
    """
    model = AlternatingLeastSquares(factors=_FACTORS, alpha=_ALPHA, num_threads=1, random_state=seed)
    with steps("fitting ALS", model.iterations, "iterations") as progress:
        matrix = sparse.csr_matrix(histories.matrix())
        model.fit(matrix, show_progress=False, callback=lambda *_: progress.advance())
    # A product without interactions has factors of zero, and so no neighbours.
    return cosine_neighbours(sparse.csr_matrix(normalize(np.asarray(model.item_factors)), dtype=np.float32), neighbours)


def bm25(histories: Histories, neighbours: int) -> Matrix:
    """Similarity of products by who bought them, with BM25 weights that damp popular products and busy customers."""
    weighted = bm25_weight(histories.matrix().T, _SATURATION, _LENGTH).T
    model = ItemItemRecommender(K=neighbours + 1, num_threads=1)
    model.fit(sparse.csr_matrix(weighted), show_progress=False)
    return without_diagonal(sparse.csr_matrix(model.similarity, dtype=np.float32))
