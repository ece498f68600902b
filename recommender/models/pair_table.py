"""A sparse matrix of vectors, read by single cells or by whole rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import TOGETHER


class Cells(NamedTuple):
    """The cells of some rows, row by row; read only, as they are kept.

    Attributes:
        entries: int64[cells]; the position of each cell's row among those requested.
        places: int64[cells]; the positions of its values in the table.
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

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep, of a table with as many columns as rows."""
        return {"starts": self.starts, "columns": self.columns, "values": self.values}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The table whose :meth:`arrays` are among these."""
        starts = arrays["starts"]
        return cls(starts, arrays["columns"], arrays["values"], width=len(starts) - 1)

    def row_cells(self, rows: NDArray[np.integer]) -> Cells:
        """The cells of the requested rows.

        The last few answers are kept: a customer's purchases lead to the blend, to the features and to the reasons,
        and a few customers go through each of these together.
        """
        return self._kept(_key(rows))

    @cached_property
    def _kept(self) -> Callable[[bytes], Cells]:
        """A cache that knows the arrays and not the table, which it would keep alive in a ring."""
        return lru_cache(TOGETHER)(partial(_cells, self.starts, self.columns))

    def among(
        self, rows: NDArray[np.integer], columns: NDArray[np.integer], keep: bool = True
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """The existing cells of the requested rows and columns.

        The cost is that of the rows' cells, however many columns are requested: nothing is searched.

        Args:
            rows: int[requested].
            columns: int[requested]; each once.
            keep: Whether to cache the rows' cells, as :meth:`row_cells` keeps them.

        Returns:
            The position in ``rows`` and that in ``columns`` of each cell, and float32[found, ...] its values.
        """
        cells = self.row_cells(rows) if keep else _cells(self.starts, self.columns, _key(rows))
        wanted_columns = np.zeros(self.width, np.bool_)
        wanted_columns[columns] = True
        found = wanted_columns.take(cells.columns).nonzero()[0]
        position = np.empty(self.width, np.int64)  # only what is written is read
        position[columns] = np.arange(len(columns))
        values = self.values[cells.places.take(found)].astype(np.float32)
        return cells.entries.take(found), position.take(cells.columns.take(found)), values

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return rows * self.width + self.columns

    def find(
        self, rows: NDArray[np.integer], columns: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Which of the requested cells exist (positions in ``rows``), and their values, float32[found, ...]."""
        wanted = rows.astype(np.int64) * self.width + columns
        if not len(self._keys):
            return np.empty(0, np.int64), self.values[:0].astype(np.float32)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        found = np.flatnonzero(self._keys[places] == wanted)
        return found, self.values[places[found]].astype(np.float32)


def _key(rows: NDArray[np.integer]) -> bytes:
    return rows.astype(np.int64, copy=False).tobytes()


def _cells(starts: NDArray[np.int64], columns: NDArray[np.int32], requested: bytes) -> Cells:
    rows = np.frombuffer(requested, np.int64)
    begins = starts.take(rows)
    lengths = starts.take(rows + 1) - begins
    places = (begins - lengths.cumsum() + lengths).repeat(lengths)
    places += np.arange(len(places))
    return Cells(np.arange(len(rows)).repeat(lengths), places, columns.take(places))
