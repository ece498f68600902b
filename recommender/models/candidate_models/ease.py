"""EASE: the closed-form linear item-to-item model (Steck, "Embarrassingly Shallow Autoencoders", WWW 2019)."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from recommender.models.candidate_models.sparse_matrices import Matrix, keep_strongest_per_row
from recommender.models.histories import Histories


def ease(histories: Histories, regularisation: float, neighbours: int) -> Matrix:
    """The positive part of EASE's weights, ``neighbours`` a product.

    Needs 4 bytes × products² of memory, twice while inverting; time grows with products³.
    """
    found = weights(histories, regularisation)
    found[found < _NEGLIGIBLE] = 0
    return keep_strongest_per_row(sparse.csr_matrix(found), neighbours)


def weights(histories: Histories, regularisation: float) -> NDArray[np.float32]:
    """EASE's weights, below 0 too: float32[products, products], from a product in the history to a recommended one."""
    used = histories.matrix()
    gram = np.asarray((used.T @ used).todense(), dtype=np.float32, order="F")
    gram[np.diag_indices_from(gram)] += np.float32(regularisation)
    inverse = _inverse_of_positive_definite(gram)
    found = inverse / -np.diag(inverse)[None, :]
    np.fill_diagonal(found, 0)
    return found


# Weights below this move no product past another; dropping them keeps the matrix sparse.
_NEGLIGIBLE = 1e-4


def _inverse_of_positive_definite(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse by Cholesky, in place: a third of the work of a general inverse."""
    factor, _ = linalg.lapack.spotrf(matrix, lower=1, overwrite_a=1)
    inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    return np.tril(inverse) + np.tril(inverse, -1).T
