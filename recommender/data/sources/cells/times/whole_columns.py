"""What is decided by a whole column and not by a cell: where labels were cut, whether times and numbers are readable.

Where rows are read in parts, others answer the same questions (:mod:`recommender.data.sources.parts.evidence`).
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

import pandas as pd

from infrastructure.progress import note
from recommender.data.parsing.cells import Cells, label_limit
from recommender.data.sources.cells.number_checks import check_marks
from recommender.data.sources.cells.times.checks import check_format, check_iso
from recommender.data.sources.description.table_source import TableSource

TYPED: Final = ("datetime64", "datetime", "date")
"""Kinds of cells that are times already, so that a format does not matter."""


class WholeColumns(Protocol):
    """Answers for whole columns."""

    def limit(self, labels: Cells) -> int | None:
        """The characters after which the labels of a column were cut; None where nothing speaks for that."""
        ...

    def are_times(self, cells: Cells, column: str) -> bool:
        """Whether the cells of a column are times already."""
        ...

    def check_iso(self, texts: Cells, where: str, column: str) -> None:
        """Refuse a column without a format that is not in ISO 8601 (:func:`~.times.checks.check_iso`)."""
        ...

    def check_format(self, texts: Cells, times: Cells, form: str, where: str, column: str) -> None:
        """Refuse a column that its format misreads (:func:`~.times.checks.check_format`)."""
        ...

    def tell_twice(self, rows: int, column: str) -> None:
        """Report that so many rows are of an hour that came twice."""
        ...

    def check_marks(
        self, texts: Cells, numbers: Cells, signs: Callable[[], Cells] | None, source: TableSource, column: str
    ) -> None:
        """Refuse a column whose numbers have other marks (:func:`~.cells.number_checks.check_marks`)."""
        ...

    @property
    def conditions(self) -> "WholeColumns":
        """Answers for foreign columns under their own names, of which conditions are asked."""
        ...


class AtOnce:
    """The columns are here as a whole."""

    def limit(self, labels: Cells) -> int | None:
        """As :class:`WholeColumns` says."""
        return label_limit(labels)

    def are_times(self, cells: Cells, column: str) -> bool:  # noqa: ARG002 (the cells say it)
        """As :class:`WholeColumns` says."""
        return pd.api.types.infer_dtype(cells, skipna=True) in TYPED

    def check_iso(self, texts: "pd.Series[Any]", where: str, column: str) -> None:
        """As :class:`WholeColumns` says.

        Raises:
            DataError: Days stand where months should, or no value is a date.
        """
        check_iso(texts, where, column)

    def check_format(self, texts: Cells, times: Cells, form: str, where: str, column: str) -> None:
        """As :class:`WholeColumns` says.

        Raises:
            DataError: The format misreads the column.
        """
        check_format(texts, times, form, where, column)

    def tell_twice(self, rows: int, column: str) -> None:
        """As :class:`WholeColumns` says."""
        note(f"{column}: an hour that came twice, read as its first", rows=rows)

    def check_marks(
        self, texts: Cells, numbers: Cells, signs: Callable[[], Cells] | None, source: TableSource, column: str
    ) -> None:
        """As :class:`WholeColumns` says.

        Raises:
            DataError: The marks are others.
        """
        check_marks(texts, numbers, signs, source, column)

    @property
    def conditions(self) -> WholeColumns:
        """As :class:`WholeColumns` says."""
        return self


AT_ONCE: Final[WholeColumns] = AtOnce()
