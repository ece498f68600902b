"""What a cleaning rule is, and what it judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.data.shop import Shop

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """The rows of a table that no rule has taken yet.

    Attributes:
        frame: With the types of the contract; the index is the row number in the source.
        unreadable: The same rows: where a cell held something that is not of its column's type.
        shop: What is known of the data set as a whole.
    """

    table: str
    frame: pd.DataFrame
    unreadable: pd.DataFrame
    shop: Shop

    def without(self, mask: Mask) -> "Rows":
        """The rows where ``mask`` is not set."""
        return Rows(self.table, self.frame[~mask], self.unreadable[~mask], self.shop)


@dataclass(frozen=True)
class Rule:
    """What makes a row, or one cell of it, unusable.

    Attributes:
        name: As it stands in the quarantine.
        tables: Where it applies.
        column: What it judges; it does not apply to a table without this column.
        what: What it finds, for a reader of the rule table.
        broken: The rows that break it; missing counts as not broken.
        reason: Sentence for one row, with the raw cells by column name and ``settings``.
        cell: The row stays and only its cell in ``column`` is emptied.
    """

    name: str
    tables: tuple[str, ...]
    column: str
    what: str
    broken: Callable[[Rows], Any]
    reason: str
    cell: bool = False

    def applies_to(self, table: str, frame: pd.DataFrame) -> bool:
        """Whether the rule judges this table."""
        return table in self.tables and self.column in frame

    def mask(self, rows: Rows) -> Mask:
        """Where ``rows`` break the rule."""
        return pd.Series(self.broken(rows), index=rows.frame.index).to_numpy(dtype=bool, na_value=False)
