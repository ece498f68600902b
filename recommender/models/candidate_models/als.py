"""Alternating least squares (Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback", ICDM 2008)."""

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from scipy import sparse
from sklearn.preprocessing import normalize

from recommender.models.candidate_models.content import cosine_neighbours
from recommender.models.candidate_models.sparse_matrices import Matrix
from recommender.models.histories import Histories

_FACTORS = 64
_ALPHA = 20.0
"""Confidence in an interaction against the lack of one, about what the paper found best."""


def als(histories: Histories, neighbours: int, seed: int) -> Matrix:
    """Cosine of the products' factors: the ``neighbours`` that the same kinds of customers use.

    The same histories and seed give the same factors: one thread, and seeded starting values.
    """
    model = AlternatingLeastSquares(factors=_FACTORS, alpha=_ALPHA, num_threads=1, random_state=seed)
    model.fit(sparse.csr_matrix(histories.matrix()), show_progress=False)
    # A product without interactions has factors of zero, and so no neighbours.
    return cosine_neighbours(sparse.csr_matrix(normalize(np.asarray(model.item_factors)), dtype=np.float32), neighbours)
