"""What parts of a column say of the marks in its numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.parsing.cells import Cells
from recommender.data.parsing.number_marks import SAMPLE, likely_marks
from recommender.data.sources.cells.number_checks import FEW, check_different, is_undeclared, is_whole
from recommender.data.sources.description.table_source import TableSource

_MOST: Final = 5 * SAMPLE
"""So many different numbers are remembered: marks are told from the first ones alone."""


@dataclass
class NumberEvidence:
    """What is known of a column of numbers so far.

    Attributes:
        source: The table that it is from.
        is_price: Whether its numbers have a currency.
        known: How many cells are not missing.
        unread: Of these, that the source's marks do not read.
        different: The first different cells and what they are read as.
    """

    source: TableSource
    is_price: bool
    known: int = 0
    unread: int = 0
    different: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, texts: Cells, numbers: Cells) -> None:
        """Take note of the cells of a part; arguments are as of :func:`~.number_checks.check_marks`."""
        self.known += int(texts.notna().sum())
        self.unread += int((numbers.isna() & texts.notna()).sum())
        if len(self.different) <= _MOST:
            different = texts.drop_duplicates().dropna()
            for text, number in zip(different, numbers[different.index], strict=True):
                self.different.setdefault(text, number)

    def is_doubtful(self, column: str, codes: set[str]) -> bool:
        """Whether the whole column may be refused; ``codes`` are the currencies of its cells."""
        much = self.unread > FEW * self.known
        if not (much or is_undeclared(self.source)):
            return False
        signs = (lambda: pd.Series(sorted(codes), dtype=object)) if self.is_price else None
        if len(self.different) > _MOST:
            return much or self._has_other_marks(signs)
        texts = pd.Series([*self.different], dtype=object)
        numbers = pd.Series([*self.different.values()], dtype="float64")
        try:
            check_different(texts, numbers, signs, self.source, column, much=much)
        except DataError:
            return True
        return False

    def _has_other_marks(self, signs: Callable[[], Cells] | None) -> bool:
        """Whether the first cells leave a doubt that all have the source's marks."""
        texts = pd.Series([*self.different], dtype=object)
        known = texts[texts.str.contains("[0-9]")]
        found = {likely_marks(known, whole=whole) for whole in {False, is_whole(signs)}} - {None}
        same = all(
            marks is not None and (marks.decimal, marks.thousands) == (self.source.decimal, self.source.thousands_mark)
            for marks in found
        )
        return len(known) < SAMPLE or not same
