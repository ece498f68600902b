"""A sparse matrix of vectors that is asked for single cells: sorted keys and binary search."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PairTable:
    """Values of (row, column) cells; a cell that is not there is all zero.

    Attributes:
        starts: int64[rows + 1]; row i has the cells ``starts[i]:starts[i + 1]``.
        columns: int32[cells], rising within a row.
        values: float32[cells, values a cell].
        width: How many columns there are.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    width: int

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return rows * self.width + self.columns

    def find(
        self, rows: NDArray[np.integer], columns: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Which of the asked cells are there (positions in ``rows``), and their values, float32[found, ...]."""
        wanted = rows.astype(np.int64) * self.width + columns
        if not len(self._keys):
            return np.empty(0, np.int64), self.values[:0]
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        found = np.flatnonzero(self._keys[places] == wanted)
        return found, self.values[places[found]]
