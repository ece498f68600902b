"""Leaves out the rows of a foreign table that its source file does not want, and tells how many."""

from collections import Counter
from functools import reduce
from operator import and_
from typing import Final

import numpy as np
import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import note
from recommender.data.parsing.cells import as_stripped_text
from recommender.data.sources.cells.times.whole_columns import AT_ONCE, WholeColumns
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.conditions.row_conditions import holds

_SHOWN: Final = 5


class RowFilter:
    """The conditions of a table, for its rows part by part.

    Args:
        source: The table.
        whole: Decides what the whole columns of times do.

    Attributes:
        kept: How many rows of all parts fulfil every condition.
        left_out: How many do not.
    """

    def __init__(self, source: TableSource, whole: WholeColumns = AT_ONCE) -> None:
        self.kept = self.left_out = 0
        self._source, self._whole = source, whole
        self._held = dict.fromkeys(source.where, 0)
        self._values: dict[str, Counter[str]] = {name: Counter() for name in source.where}

    @property
    def names(self) -> tuple[str, ...]:
        """The foreign columns that are asked."""
        return tuple(self._source.where)

    def wanted(self, part: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """bool[rows]: which rows are to be read."""
        each = {name: holds(part[name], how, self._source, self._whole) for name, how in self._source.where.items()}
        found = reduce(and_, each.values(), np.ones(len(part), dtype=np.bool_))
        self.kept += int(found.sum())
        self.left_out += int(len(found) - found.sum())
        if not self.kept:
            self._remember(part, each)
        return found

    def _remember(self, part: pd.DataFrame, each: "dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]") -> None:
        """What stands in the columns, as long as no row is kept."""
        for name, found in each.items():
            self._held[name] += int(found.sum())
            self._values[name].update(Counter[str](as_stripped_text(part[name]).fillna("").tolist()))

    def tell(self) -> None:
        """Report how many rows are left out, if any is."""
        if self.left_out:
            note(f"rows that 'where' leaves out of {self._source.place}", rows=self.left_out, kept=self.kept)

    def check(self) -> None:
        """Refuse conditions that no row fulfils.

        Raises:
            DataError: None does; the error names the column that fewest rows fulfil, and what is frequent there.
        """
        if self.kept or not self.left_out:
            return
        name = min(self._held, key=lambda name: self._held[name])
        values = self._values[name].most_common(_SHOWN)
        frequent = ", ".join(f"{value or '(empty)'} ({rows:,})" for value, rows in values)
        asked = self._source.where[name].model_dump(by_alias=True, exclude_none=True, mode="json")
        raise DataError(
            "No row fulfils what 'where' asks for.", where=self._source.place, field=f"where.{name}", value=asked,
            expected=f"what rows have in this column; most frequent are: {frequent}",
        )  # fmt: skip
