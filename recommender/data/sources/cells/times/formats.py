"""Reads texts by a ``format``, and finds the format that would read a column."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pandas as pd

from recommender.data.sources.description.time_settings import EPOCHS, EXCEL

ISO: Final = "%Y-%m-%d"
"""What a column without a ``format`` is read as, as far as its order goes."""

_EXCEL_1970: Final = 25_569
_DAY: Final = 86_400
_FAR: Final = 9e9
"""Seconds from 1970 to 1684 and to 2255: libraries that count in nanoseconds know no more."""
_CLOCKS: Final = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S",
    " - %H:%M", " %H:%M:%S %z", " %H:%M:%S %Z", " %H.%M", " %Hh%M",
)  # fmt: skip
_DAYS: Final = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d %B %Y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y",
    "%d-%b-%y", "%b-%d-%y", "%b-%d-%Y",
    "%m %d, %Y", "%Y. %m. %d.", "%Y. %m. %d", "%Y年%m月%d日", "%Y년 %m월 %d일", "%d %m %Y", "%Y-%d-%m",
)  # fmt: skip
_SIGNS: Final = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%H": r"\d{1,2}", "%M": r"\d{2}",
    "%S": r"\d{2}", "%f": r"\d{1,6}", "%I": r"\d{1,2}", "%p": r"[AaPp][Mm]", "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}", "%z": r"(?:Z|[+-]\d{2}:?\d{2})", "%Z": r"[A-Z]{3,4}",
}  # fmt: skip
"""What each part of a format may look like."""

CLOCKED: Final = tuple(day + clock for day in _DAYS for clock in _CLOCKS)
"""Formats of days with or without a time of day in which exports are written, but for ISO 8601."""

LIKELY: Final = pd.Timestamp("1995-01-01", tz="UTC"), pd.Timestamp("2040-01-01", tz="UTC")
"""What is believed of a guess."""


def parsed(texts: "pd.Series[Any]", form: str) -> "pd.Series[Any]":
    """Texts read by a format, in UTC, those without an offset as if they were; missing where they are something else.

    Nothing is raised for any text.
    """
    if form in EPOCHS or form == EXCEL:
        return _numbered(texts, form)
    try:
        return pd.to_datetime(texts, format=form, utc=True, errors="coerce").astype("datetime64[us, UTC]")
    except (ValueError, OverflowError):  # pandas raises some errors that it is told to coerce
        return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us, UTC]")


def _numbered(texts: "pd.Series[Any]", form: str) -> "pd.Series[Any]":
    """Counts since a moment; in whole microseconds, as floats of nanoseconds would lose digits."""
    numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
    seconds = (numbers - _EXCEL_1970) * _DAY if form == EXCEL else numbers / EPOCHS[form]
    believable = seconds.where(seconds.abs() < _FAR)
    times = pd.to_datetime((believable * 1e6).round().astype("Int64"), unit="us", utc=True, errors="coerce")
    return times.astype("datetime64[us, UTC]")


def likely_format(texts: "pd.Series[Any]") -> str | None:
    """A format that reads all these texts (none of them missing) as believable times; None where none is known."""
    return next((form for form in _candidates(str(texts.iloc[0])) if _reads_all(texts, form)), None)


@cache
def shape_of(form: str) -> re.Pattern[str]:
    """What a text looks like that a format can read: quicker to tell than to read it."""
    pattern = re.escape(form).replace(r"\%", "%").replace(r"\-", "-")
    for sign, expression in _SIGNS.items():
        pattern = pattern.replace(sign, expression)
    return re.compile(pattern)


def _candidates(first: str) -> Iterator[str]:
    yield from EPOCHS
    yield EXCEL
    yield from (form for form in CLOCKED if shape_of(form).fullmatch(first))


def _reads_all(texts: "pd.Series[Any]", form: str) -> bool:
    # Most formats do not even read the first text.
    if parsed(texts.head(1), form).isna().all():
        return False
    times = parsed(texts, form)
    return bool(times.between(*LIKELY).all())
