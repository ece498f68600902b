"""A sparse matrix of vectors that is asked for single cells or for whole rows."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Cells(NamedTuple):
    """The cells of some rows, row by row; read only, as they are kept.

    Attributes:
        entries: int64[cells]; the position of each cell's row among those asked for.
        places: int64[cells]; where its values stand in the table.
        columns: int32[cells].
    """

    entries: NDArray[np.int64]
    places: NDArray[np.int64]
    columns: NDArray[np.int32]


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

    def of_rows(self, rows: NDArray[np.integer]) -> Cells:
        """The cells of the asked rows.

        Those asked for last are kept: one customer's purchases lead to the blend, to the features and to the reasons.
        """
        asked = rows.astype(np.int64, copy=False).tobytes()
        kept: tuple[bytes, Cells] | None = self._last.get(0)
        if kept is None or kept[0] != asked:
            kept = self._last[0] = asked, self._cells(rows)
        return kept[1]

    @cached_property
    def _last(self) -> dict[int, tuple[bytes, Cells]]:
        """The rows asked for last, and their cells; a cache around a method would be a ring that keeps the table."""
        return {}

    def _cells(self, rows: NDArray[np.integer]) -> Cells:
        starts = self.starts[rows]
        lengths = self.starts[rows + 1] - starts
        before = lengths.cumsum() - lengths
        places = np.arange(lengths.sum()) + (starts - before).repeat(lengths)
        return Cells(np.arange(len(rows)).repeat(lengths), places, self.columns[places])

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
        cells = self.of_rows(rows)
        at = place[cells.columns]
        found = at.nonzero()[0]
        return cells.entries[found], at[found] - 1, self.values[cells.places[found]].astype(np.float32)

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
