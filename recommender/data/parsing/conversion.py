"""Cells of any type as what their column holds, read by pandas; what cannot be read is missing.

This is what a value means; ``recommender.data.cleaning.typed`` asks an engine only for what it reads the same.
"""

import html
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.fields import DTYPES, Field, Kind
from recommender.data.parsing.cells import Cells, as_lists, as_text, tidy

CODES: Final = (c.SKIN_TYPE, c.TYPE)
"""Columns whose values are names from a list, compared without regard to case."""

EXACT: Final = 2**53
"""Floats tell whole numbers apart up to here."""

_WHOLE: Final = r"^(\d+)\.0$"
_DATE: Final = r"\d{4}-\d{1,2}-\d{1,2}"
_OFFSET: Final = r"(?:Z|[+-]\d{2}:?\d{2})$"


def read(field: Field, cells: Cells) -> Cells:
    """Cells with the type of ``field``, missing where they hold something else."""
    found = _CONVERSIONS[field.kind](cells)
    return found.str.lower() if field.name in CODES and found.notna().any() else found


def _identifiers(cells: Cells) -> Cells:
    """Ids as texts; "7.0" is 7 that went through a table with gaps."""
    texts = tidy(as_text(cells))
    return texts.str.replace(_WHOLE, r"\1", regex=True) if texts.notna().any() else texts


def _texts(cells: Cells) -> Cells:
    texts = tidy(as_text(cells))
    return texts.map(html.unescape, na_action="ignore")


def _numbers(cells: Cells) -> Cells:
    """Finite numbers. A time is none: how it is counted is not known."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return pd.Series(float("nan"), index=cells.index)
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


def _counts(cells: Cells) -> Cells:
    numbers = _numbers(cells)
    whole = (numbers % 1 == 0) & (numbers.abs() < EXACT)
    return numbers.where(whole).astype(DTYPES[Kind.COUNT])


def _times(cells: Cells) -> Cells:
    """Times in UTC; those without an offset are read as UTC. A bare number is no time: its unit is not known."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        times = pd.to_datetime(cells, utc=True)
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        times = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    else:
        times = _iso(tidy(as_text(cells)))
    return times.astype(DTYPES[Kind.TIME])


def _iso(texts: Cells) -> Cells:
    """ISO 8601 texts as times. With and without an offset apart: pandas gives one row's offset to the next."""
    if texts.isna().all():
        return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us, UTC]")
    dates = texts.where(texts.str.match(_DATE, na=False))
    offset = dates.str.contains(_OFFSET, na=False)
    options: dict[str, Any] = {"format": "ISO8601", "utc": True, "errors": "coerce"}
    return pd.to_datetime(dates.where(~offset), **options).fillna(pd.to_datetime(dates.where(offset), **options))


def _lists(cells: Cells) -> Cells:
    return as_lists(cells, literal=False, separator=None, label=False)


_CONVERSIONS: Final[dict[Kind, Callable[[Cells], Cells]]] = {
    Kind.IDENTIFIER: _identifiers,
    Kind.TEXT: _texts,
    Kind.TEXTS: _lists,
    Kind.NUMBER: _numbers,
    Kind.COUNT: _counts,
    Kind.TIME: _times,
}
