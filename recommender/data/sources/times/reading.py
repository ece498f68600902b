"""A foreign column of times in UTC; a column that its format would misread stops the run with the format that is right.

A single value that is no time stays as it is: cleaning reports it with its row.
"""

from typing import Any, Final

import pandas as pd

from infrastructure.progress import note
from recommender.data.parsing.cells import Cells, as_stripped_text, as_text
from recommender.data.parsing.pandas_parsing import iso_times
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.time_settings import EPOCHS
from recommender.data.sources.times.checks import check_format, check_iso
from recommender.data.sources.times.formats import parsed
from recommender.data.sources.times.zones import in_utc, with_named_zones

_OFFSET: Final = r"\d{2}:\d{2}.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
_TYPED: Final = ("datetime64", "datetime", "date")
"""Kinds of cells that are times already, so that a format does not matter."""


def read_times(cells: Cells, how: ColumnSource, where: str, column: str) -> Cells:
    """Cells as times in UTC; all as texts, and those unchanged that are no time, where there is one.

    Raises:
        DataError: The column is in another format than it is said to be, or has days and months in two orders.
    """
    typed = pd.api.types.infer_dtype(cells, skipna=True) in _TYPED
    form = None if typed else how.format
    if form is None and how.timezone is None and (typed or not len(cells)):
        return cells
    texts = as_stripped_text(cells)
    if form is None and how.timezone is None:
        check_iso(texts, where, column)
        return cells
    first, second, read = _times(texts, form, how.timezone)
    if form is not None:
        check_format(texts, read, form, where, column)
    _tell_twice((first != second) & first.notna(), column)
    return _with_failures(first, texts, read.notna())


def _times(texts: Cells, form: str | None, zone: str | None) -> tuple[Cells, Cells, Cells]:
    """The times, the later ones of hours that come twice, and what was read before any zone was applied."""
    if form is not None and form.endswith("%Z"):
        first, second = with_named_zones(texts, form, zone)
        return first, second, first
    read = iso_times(texts) if form is None else parsed(texts, form)
    if zone is None:
        return read, read, read
    if form in EPOCHS or (form is not None and "%z" in form):
        return read, read, read
    absolute = texts.str.contains(_OFFSET, na=False) if form is None else read.isna()
    first, second = (read.where(absolute, times) for times in in_utc(read, zone))
    return first, second, read


def _tell_twice(twice: Cells, column: str) -> None:
    if twice.any():
        note(f"{column}: an hour that came twice, read as its first", rows=int(twice.sum()))


def _with_failures(read: Cells, texts: Cells, shown: Cells) -> Cells:
    """The times; where one is missing, all as texts and that as it was, with the reason where no clock showed it."""
    failed = read.isna() & texts.notna()
    if not failed.any():
        return read
    told: Any = texts.where(~(failed & shown), texts + " (an hour that the clocks left out)")
    return as_text(read.astype(object)).where(~failed, told)
