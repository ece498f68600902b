"""Whether a column of times is written as its source says: a wrong format misreads most of it without any error."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.sources.cells.times.formats import ISO, likely_format, parsed
from recommender.data.sources.description.time_settings import EPOCHS, EXCEL, ISO_8601, swapped

FEW: Final = 0.01
"""Up to this share of values that only the other order of day and month reads are single mistakes."""

_EXAMPLES: Final = 3
_SAMPLE: Final = 1_000
_MUCH: Final = 200_000
BELIEVED: Final = pd.Timestamp("1990-01-01", tz="UTC"), pd.Timestamp("2100-01-01", tz="UTC")
"""Half of the counts since 1970 (or of Excel's days) must lie between these."""
ISO_DATE: Final = r"\d{4}-\d{1,2}-\d{1,2}"
"""How a text in ISO 8601 begins."""
DAY_AS_MONTH: Final = r"\d{4}-(?:1[3-9]|[23]\d)-(?:0?[1-9]|1[0-2])(?!\d)"
"""The same with day and month in each other's place."""


def stride(rows: int) -> int:
    """Every so many rows one is looked at, in a column of so many."""
    return rows // _MUCH + 1


def check_formats(
    texts: "pd.Series[Any]", reads: "Mapping[str, pd.Series[Any]]", times: "pd.Series[Any]", where: str, column: str
) -> None:
    """The same of several formats together: what one does not read another may.

    Args:
        texts: The cells, missing where they are empty.
        reads: By format, what it reads of the cells that no format before it does.
        times: What they make of the cells together.
        where: As of :func:`check_format`.
        column: As of :func:`check_format`.
    """
    known = texts.dropna()
    failed = known[times[known.index].isna()]
    for form, read in reads.items():
        if len(failed):
            _check_order(known, failed, form, where, column)
        if form == ISO_8601 and read.notna().any():
            check_iso(texts[read.notna() | texts.index.isin(failed.index)], where, column)
        if (form in EPOCHS or form == EXCEL) and read.notna().any():
            _check_unit(texts[read.notna()], read, form, where, column)
    if len(known) and len(failed) == len(known):
        raise _wrong("No value of this column can be read by one of its formats.", known, known, where, column)


def check_format(texts: "pd.Series[Any]", times: "pd.Series[Any]", form: str, where: str, column: str) -> None:
    """Refuse a format that reads no value, none believably, or days as months.

    Args:
        texts: The cells, missing where they are empty.
        times: What the format makes of them, missing where it reads nothing.
        form: The format.
        where: The file, database or address, for the error.
        column: Our column, for the error.

    Raises:
        DataError: Such a format; the error names values and, where one is known, the format that reads them all.
    """
    known = texts.dropna()
    if known.empty:
        return
    failed = known[times[known.index].isna()]
    if len(failed):
        _check_order(known, failed, form, where, column)
    if len(failed) == len(known):
        raise _wrong(f"No value of this column can be read by the format '{form}'.", known, known, where, column)
    if form in EPOCHS or form == EXCEL:
        _check_unit(known, times, form, where, column)


def check_iso(texts: "pd.Series[Any]", where: str, column: str) -> None:
    """The same of a column that has no format and so is read as ISO 8601; of a very long one, of rows spread over it.

    Raises:
        DataError: Days stand where months should, or no value is a date but all are in another format.
    """
    known = texts.iloc[:: stride(len(texts))].dropna()
    dated = known.str.match(ISO_DATE)
    if len(known) and not dated.any() and likely_format(known.head(_SAMPLE)):
        problem = "No value of this column can be read as a date or time without a format."
        raise _wrong(problem, known, known, where, column)
    late = known[known.str.match(DAY_AS_MONTH)]
    if len(late) > FEW * len(known):
        raise _wrong(_two_orders(len(late), len(known), ISO), late, known, where, column)


def _check_order(known: "pd.Series[Any]", failed: "pd.Series[Any]", form: str, where: str, column: str) -> None:
    other = swapped(form)
    late = failed[parsed(failed, other).notna()] if other else failed.head(0)
    if len(late) > FEW * len(known):
        raise _wrong(_two_orders(len(late), len(known), form), late, known, where, column, other)


def _check_unit(known: "pd.Series[Any]", times: "pd.Series[Any]", form: str, where: str, column: str) -> None:
    ordered = times.dropna().sort_values()
    middle = ordered.iloc[len(ordered) // 2]
    if not BELIEVED[0] <= middle <= BELIEVED[1] and likely_format(known.head(_SAMPLE)):
        problem = f"In the unit '{form}' half of this column is before or after {middle.date()}."
        raise _wrong(problem, known, known, where, column)


def _two_orders(late: int, rows: int, form: str) -> str:
    return (
        f"{late:,} of {rows:,} values have a day where '{form}' has the month, so others may be read as another day "
        "without any error."
    )


def _wrong(
    problem: str, bad: "pd.Series[Any]", known: "pd.Series[Any]", where: str, column: str, other: str | None = None
) -> DataError:
    right = other if other and parsed(known, other).notna().all() else likely_format(known)
    advice = f"format: '{right}', which reads every value" if right else "a 'format' that reads every value: " + _ADVICE
    return DataError(problem, where=where, field=column, value=", ".join(bad.head(_EXAMPLES)), expected=advice)


_ADVICE: Final = "one order in the whole column, months as numbers or in English, or s, ms, us, ns or excel for a count"
