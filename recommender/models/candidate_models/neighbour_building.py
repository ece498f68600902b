"""Joining item-to-item models into one table of neighbours."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.sparse_matrices import Matrix, keep_strongest_per_row, scaled_to_one
from recommender.models.histories import Histories
from recommender.models.pair_table import PairTable


def build_neighbours(
    families: Mapping[str, Matrix], weights: Mapping[str, float], most: int, decay: float
) -> Neighbours:
    """Join models (product × product each) into one table of ``most`` neighbours a product."""
    scaled = {name: scaled_to_one(matrix) for name, matrix in families.items()}
    joined = blend_models(scaled, weights, most)
    rows = np.repeat(np.arange(joined.shape[0]), np.diff(joined.indptr))
    values = [_cells(matrix, rows, joined.indices) for matrix in scaled.values()]
    table = PairTable(
        starts=joined.indptr.astype(np.int64),
        columns=joined.indices.astype(np.int32),
        values=np.stack(values, axis=1),
        width=joined.shape[1],
    )
    return Neighbours(tuple(scaled), table, joined.data.astype(np.float32), decay)


def summed_similarity(histories: Histories, similarity: Matrix, decay: float) -> NDArray[np.float32]:
    """Summed similarity to each customer's history, older entries counting less: float32[customers, products]."""
    weights = np.power(decay, histories.steps_back).astype(np.float32)
    return np.asarray((histories.matrix(weights) @ similarity).toarray(), np.float32)


def blend_models(scaled: Mapping[str, Matrix], weights: Mapping[str, float], most: int) -> Matrix:
    """The weighted sum of models that were scaled to one, its ``most`` largest entries a row, columns rising."""
    total = sum(matrix * np.float32(weights[name]) for name, matrix in scaled.items())
    pruned = keep_strongest_per_row(sparse.csr_matrix(total), most)
    pruned.sort_indices()
    return pruned


def _cells(matrix: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int32]) -> NDArray[np.float16]:
    """The matrix's values at the given cells, in half precision, which moves no product in a list."""
    matrix = sparse.csr_matrix(matrix)
    matrix.sort_indices()
    table = PairTable(
        matrix.indptr.astype(np.int64), matrix.indices, matrix.data.astype(np.float32)[:, None], matrix.shape[1]
    )
    found, values = table.find(rows, columns)
    cells = np.zeros(len(rows), np.float16)
    cells[found] = values[:, 0]
    return cells
