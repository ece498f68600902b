"""Raw tables with the types of the contract; cells that cannot have them are told apart from missing ones."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from recommender import columns as c
from recommender.data.cells import Cells, as_lists, as_text, tidy
from recommender.data.contract import CONTRACT, DTYPES, Field, Kind, fields_of
from recommender.data.raw import Origin
from recommender.errors import DataError

_CODES: Final = (c.SKIN_TYPE, c.TYPE)
"""Columns whose values are names from a list, compared without regard to case."""

_WHOLE: Final = r"^(\d+)\.0$"
_DATE: Final = r"\d{4}-\d{1,2}-\d{1,2}"
_OFFSET: Final = r"(?:Z|[+-]\d{2}:?\d{2})$"

_EXACT: Final = 2**53
"""Floats tell whole numbers apart up to here."""

_EXAMPLES: Final = {
    Kind.NUMBER: "numbers such as 12.5 (see 'decimal' and 'thousands' of the table)",
    Kind.COUNT: "whole numbers such as 12",
    Kind.TIME: "dates such as 2025-06-30 or 2025-06-30T12:00:00Z, or a 'format' in the source file",
}


@dataclass(frozen=True)
class Typed:
    """A table with the types of the contract.

    Attributes:
        frame: Rows and columns of the raw table, in the contract's column order and types.
        unreadable: Where a cell held something that is not of its column's type (and so is missing in ``frame``).
    """

    frame: pd.DataFrame
    unreadable: pd.DataFrame


def typed(table: str, raw: pd.DataFrame, origin: Origin) -> Typed:
    """Give a raw table the types of the contract.

    Raises:
        DataError: No value of a column can be read as what the column should hold.
    """
    fields = [field for field in CONTRACT[table] if field.name in raw]
    frame = pd.DataFrame({field.name: _CONVERSIONS[field.kind](raw[field.name]) for field in fields}, index=raw.index)
    for code in set(_CODES) & set(frame):
        frame[code] = frame[code].str.lower() if frame[code].notna().any() else frame[code]
    result = Typed(frame, pd.DataFrame({f.name: _unreadable(raw, frame, f) for f in fields}, index=raw.index))
    _see_types(table, raw, result, origin)
    return result


def _unreadable(raw: pd.DataFrame, frame: pd.DataFrame, field: Field) -> "pd.Series[bool]":
    if field.kind not in _EXAMPLES:
        return pd.Series(data=False, index=raw.index)
    lost = frame[field.name].isna() & raw[field.name].notna()
    return lost & ~raw[field.name].isin([""]) if lost.any() else lost


def _see_types(table: str, raw: pd.DataFrame, result: Typed, origin: Origin) -> None:
    """Refuse a column of which nothing could be read: it is another column, or in another format."""
    for name in result.frame.columns[result.unreadable.any()]:
        if result.frame[name].isna().all():
            kind = fields_of(table)[name].kind
            raise DataError(
                f"No value of this column can be read as {kind.value}.",
                where=origin.file,
                field=origin.field(name),
                value=raw.loc[result.unreadable[name], name].iloc[0],
                expected=_EXAMPLES[kind],
            )


def _identifiers(cells: Cells) -> Cells:
    """Ids as texts; "7.0" is 7 that went through a table with gaps."""
    texts = tidy(as_text(cells))
    return texts.str.replace(_WHOLE, r"\1", regex=True) if texts.notna().any() else texts


def _texts(cells: Cells) -> Cells:
    texts = tidy(as_text(cells))
    return texts.map(html.unescape, na_action="ignore")


def _numbers(cells: Cells) -> Cells:
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


def _counts(cells: Cells) -> Cells:
    numbers = _numbers(cells)
    whole = (numbers % 1 == 0) & (numbers.abs() < _EXACT)
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
