"""All item-to-item families in one table: each product's neighbours with every family's likeness."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.models.histories import Histories
from recommender.models.pair_table import PairTable
from recommender.models.similarity import Matrix, scaled_to_one, strongest


@dataclass(frozen=True)
class Neighbours:
    """Each product's strongest neighbours by the blend of the families.

    Attributes:
        families: Names, in the order of the table's values.
        table: float32 likeness by family of (product, neighbour), each family scaled to about one.
        blend: float32[cells]; the weighted sum of a cell's families.
        decay: Weight of a purchase against the one after it.
    """

    families: tuple[str, ...]
    table: PairTable
    blend: NDArray[np.float32]
    decay: float

    @classmethod
    def build(cls, families: Mapping[str, Matrix], weights: Mapping[str, float], most: int, decay: float) -> Self:
        """Join families (product × product each) into one table of ``most`` neighbours a product."""
        scaled = {name: scaled_to_one(matrix) for name, matrix in families.items()}
        joined = blended(scaled, weights, most)
        rows = np.repeat(np.arange(joined.shape[0]), np.diff(joined.indptr))
        values = [_cells(matrix, rows, joined.indices) for matrix in scaled.values()]
        table = PairTable(
            starts=joined.indptr.astype(np.int64),
            columns=joined.indices.astype(np.int32),
            values=np.stack(values, axis=1),
            width=joined.shape[1],
        )
        return cls(tuple(scaled), table, joined.data.astype(np.float32), decay)

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Blended score of every product, float32[customers, products]."""
        return added_up(histories, self._matrix, self.decay)

    @cached_property
    def _matrix(self) -> Matrix:
        size = self.table.width
        return sparse.csr_matrix((self.blend, self.table.columns, self.table.starts), shape=(size, size))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep; likeness in half precision, which moves no product in a list."""
        return {
            "starts": self.table.starts,
            "columns": self.table.columns,
            "values": self.table.values.astype(np.float16),
            "blend": self.blend,
        }

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], families: tuple[str, ...], decay: float) -> Self:
        """The table whose :meth:`arrays` these are."""
        starts, values = arrays["starts"], arrays["values"].astype(np.float32)
        table = PairTable(starts, arrays["columns"], values, width=len(starts) - 1)
        return cls(families, table, arrays["blend"], decay)


def added_up(histories: Histories, likeness: Matrix, decay: float) -> NDArray[np.float32]:
    """Likeness (product × product) to what each customer used, older uses fading: float32[customers, products]."""
    weights = np.power(decay, histories.steps_back).astype(np.float32)
    return np.asarray((histories.matrix(weights) @ likeness).toarray(), np.float32)


def blended(scaled: Mapping[str, Matrix], weights: Mapping[str, float], most: int) -> Matrix:
    """The weighted sum of families that were scaled to one, its ``most`` largest entries a row, columns rising."""
    total = sum(matrix * np.float32(weights[name]) for name, matrix in scaled.items())
    pruned = strongest(sparse.csr_matrix(total), most)
    pruned.sort_indices()
    return pruned


def _cells(matrix: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int32]) -> NDArray[np.float32]:
    """The matrix's values at the given cells, in half precision's steps as a bundle keeps them."""
    matrix = sparse.csr_matrix(matrix)
    matrix.sort_indices()
    table = PairTable(
        matrix.indptr.astype(np.int64), matrix.indices, matrix.data.astype(np.float32)[:, None], matrix.shape[1]
    )
    found, values = table.find(rows, columns)
    cells = np.zeros(len(rows), np.float32)
    cells[found] = values[:, 0].astype(np.float16)
    return cells
