"""What the item-to-item models share: normalising and pruning product × product matrices."""

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix: TypeAlias = sparse.csr_matrix


def normalised(counts: Matrix, row_power: float, column_power: float) -> Matrix:
    """``counts`` over (row sum)^row_power and (column sum)^column_power, without its diagonal.

    Dividing by a product's total damps popular products: 1 makes a row a probability, 0 leaves it alone.
    """
    counts = without_diagonal(counts)
    rows = np.asarray(counts.sum(axis=1)).ravel()
    columns = np.asarray(counts.sum(axis=0)).ravel()
    scaled = sparse.diags(_inverse(rows, row_power)) @ counts @ sparse.diags(_inverse(columns, column_power))
    return sparse.csr_matrix(scaled, dtype=np.float32)


def without_diagonal(matrix: Matrix) -> Matrix:
    """``matrix`` without each product's similarity to itself."""
    coo = sparse.coo_matrix(matrix)
    off = coo.row != coo.col
    return sparse.csr_matrix((coo.data[off], (coo.row[off], coo.col[off])), shape=coo.shape, dtype=np.float32)


def keep_strongest_per_row(matrix: Matrix, most: int) -> Matrix:
    """Only the ``most`` largest positive entries of each row; of equal ones the lower column stays."""
    matrix = sparse.csr_matrix(matrix)
    kept = matrix.data > 0
    # Row by row: to part a row at its threshold takes a tenth of the time, and of the memory, of sorting all cells.
    for start, stop in pairwise(matrix.indptr.tolist()):
        if stop - start > most:
            kept[start:stop] &= _largest(matrix.data[start:stop], matrix.indices[start:stop], most)
    starts = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    found = sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], starts), shape=matrix.shape)
    found.sort_indices()
    return found


def _largest(values: NDArray[np.floating], columns: NDArray[np.integer], most: int) -> NDArray[np.bool_]:
    """Which are the ``most`` largest of more values, the lower columns of equal ones: bool[values]."""
    least = np.partition(values, -most)[-most]
    chosen = values > least
    equal = np.flatnonzero(values == least)
    chosen[equal[np.argsort(columns[equal])][: most - np.count_nonzero(chosen)]] = True
    return chosen


def scaled_to_one(matrix: Matrix) -> Matrix:
    """``matrix`` over the median of its rows' largest entries, so that models can be added up."""
    tops = np.asarray(matrix.max(axis=1).todense()).ravel()
    positive = tops[tops > 0]
    return sparse.csr_matrix(matrix / np.float32(np.median(positive))) if len(positive) else matrix


def _inverse(totals: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    return np.where(totals > 0, np.maximum(totals, 1e-12) ** -power, 0).astype(np.float32)
