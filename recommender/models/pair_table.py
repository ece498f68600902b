"""A sparse matrix of vectors that is asked for single cells or for whole rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.models.batch import TOGETHER


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
        """The cells that are there of all asked rows and columns.

        It costs what the rows' cells are, however many columns are asked for: no search.

        Args:
            rows: int[asked].
            columns: int[asked]; each once.
            keep: Whether the rows' cells are wanted again, as :meth:`of_rows` keeps them.

        Returns:
            The position in ``rows`` and that in ``columns`` of each cell, and float32[found, ...] its values.
        """
        cells = self.of_rows(rows) if keep else _cells(self.starts, self.columns, _key(rows))
        asked = np.zeros(self.width, np.bool_)
        asked[columns] = True
        found = asked.take(cells.columns).nonzero()[0]
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
        """Which of the asked cells are there (positions in ``rows``), and their values, float32[found, ...]."""
        wanted = rows.astype(np.int64) * self.width + columns
        if not len(self._keys):
            return np.empty(0, np.int64), self.values[:0].astype(np.float32)
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        found = np.flatnonzero(self._keys[places] == wanted)
        return found, self.values[places[found]].astype(np.float32)


def _key(rows: NDArray[np.integer]) -> bytes:
    return rows.astype(np.int64, copy=False).tobytes()


def _cells(starts: NDArray[np.int64], columns: NDArray[np.int32], asked: bytes) -> Cells:
    rows = np.frombuffer(asked, np.int64)
    begins = starts.take(rows)
    lengths = starts.take(rows + 1) - begins
    places = (begins - lengths.cumsum() + lengths).repeat(lengths)
    places += np.arange(len(places))
    return Cells(np.arange(len(rows)).repeat(lengths), places, columns.take(places))
