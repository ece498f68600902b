"""A date and a time of day that stand in columns of their own, as one."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import reduce
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.cells import Cells, as_stripped_text

_DATES: Final = ("datetime64", "datetime", "date")
"""Kinds of cells that are dates already."""

_SPREADSHEET: Final = date(1900, 1, 1)
"""A time of day that a spreadsheet keeps as a date is up to here."""


def side_by_side(parts: Sequence[Cells]) -> Cells:
    """The columns joined row by row, as texts; as times where the first holds dates that are none of texts.

    A row whose later parts are missing has the first alone. A time of day that cannot be read makes the whole a text,
    which cleaning reports.
    """
    texts = reduce(lambda left, right: (left + " " + right).fillna(left), map(_texts, parts))
    if pd.api.types.infer_dtype(parts[0], skipna=True) not in _DATES:
        return texts
    times = pd.to_datetime(texts, format="ISO8601", errors="coerce")
    failed = times.isna() & texts.notna()
    return times if not failed.any() else texts


def _texts(cells: Cells) -> Cells:
    """Cells as texts; of dates with a midnight the date alone, of times of a spreadsheet the time alone."""
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    return as_stripped_text(cells.map(_shown, na_action="ignore") if kind in (*_DATES, "time", "mixed") else cells)


def _shown(cell: Any) -> Any:
    if isinstance(cell, datetime):
        if cell.date() <= _SPREADSHEET:
            return cell.time().isoformat()
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else cell
