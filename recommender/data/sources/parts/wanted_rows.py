"""Of the rows of a foreign table those that ``where`` wants, part by part."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from infrastructure.progress import steps
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.parts.evidence import Evidence
from recommender.data.sources.parts.foreign_rows import ForeignRows, Part
from recommender.data.sources.shaping.conditions.row_filter import RowFilter


class WantedRows:
    """The rows of a table that fulfil its conditions, found by going through it once; a bit a row is kept.

    Args:
        foreign: All rows, with the columns of the conditions.
        source: The table.

    Raises:
        DataError: No row fulfils them.
    """

    def __init__(self, foreign: ForeignRows, source: TableSource) -> None:
        self._foreign = foreign
        self._evidence = Evidence(foreign.rows)
        self._filter = RowFilter(source, self._evidence)
        with steps(f"rows of {source.place} chosen", foreign.rows, "rows") as progress:
            self._wanted = [self._of_part(part, progress.advance) for part in foreign.parts()]
        self._filter.check()

    def _of_part(self, part: Part, advance: Callable[[int], None]) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        """The bits of a part's rows."""
        found = self._filter.wanted(part.frame(self._filter.names))
        self._evidence.go_on(len(part))
        advance(len(part))
        return np.packbits(found)

    @property
    def rows(self) -> int:
        """How many."""
        return self._filter.kept

    @property
    def left_out(self) -> int:
        """How many others there are."""
        return self._filter.left_out

    @property
    def types(self) -> "pd.Series[Any]":
        """What pandas makes of each column as a whole."""
        return self._foreign.types

    def parts(self) -> Iterator[Part]:
        """The rows, in order."""
        for part, bits in zip(self._foreign.parts(), self._wanted, strict=True):
            wanted = np.unpackbits(bits, count=len(part)).astype(np.bool_)
            if wanted.any():
                yield part.only(wanted)

    def is_doubtful(self) -> bool:
        """Whether the conditions have to be judged by the whole table."""
        return self._evidence.is_doubtful()

    def tell(self) -> None:
        """Report what is told of the whole table."""
        self._evidence.tell()
        self._filter.tell()
