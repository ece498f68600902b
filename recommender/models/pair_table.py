"""A sparse matrix of vectors that is asked for single cells or for whole rows."""

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
        values: float16 or float32[cells, values a cell].
        width: How many columns there are.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.floating]
    width: int

    def of_rows(self, rows: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cells of the asked rows, row by row: the position in ``rows`` of each, and the cell's own."""
        starts = self.starts[rows]
        lengths = self.starts[rows + 1] - starts
        before = lengths.cumsum() - lengths
        return np.arange(len(rows)).repeat(lengths), np.arange(lengths.sum()) + (starts - before).repeat(lengths)

    def among(
        self, rows: NDArray[np.integer], columns: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        """The cells that are there of all asked rows and columns.

        It costs what the rows' cells are, however many columns are asked for: no search.

        Args:
            rows: int[asked].
            columns: int[asked]; each once.

        Returns:
            The position in ``rows`` and that in ``columns`` of each cell, and float32[found, ...] its values.
        """
        place = np.zeros(self.width, np.int32)
        place[columns] = np.arange(1, len(columns) + 1)
        row, cell = self.of_rows(rows)
        at = place[self.columns[cell]]
        found = at.nonzero()[0]
        return row[found], at[found] - 1, self.values[cell[found]].astype(np.float32)

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
            return np.empty(0, np.int64), self.values[:0].astype(np.float32)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        found = np.flatnonzero(self._keys[places] == wanted)
        return found, self.values[places[found]].astype(np.float32)
