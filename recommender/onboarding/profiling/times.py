"""In which format a column of times is: which formats read its cells, and in which order day and month stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.pandas_parsing import iso_times
from recommender.data.sources.cells.times.formats import CLOCKED, ISO, LIKELY, parsed, shape_of
from recommender.data.sources.description.time_settings import EPOCHS, EXCEL, swapped

_DATED: Final = re.compile(r"\d{1,4}[-/. 年년]|\d{8}$|[A-Za-z]{3}|\d{1,4}\D")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?")
_OFFSET: Final = re.compile(r"\d{2}:\d{2}.*(?:[Zz]|UTC|[+-]\d{2}:?\d{2})$")
_MOST: Final = 0.9
_ENOUGH: Final = 0.02
_STRAIGHT: Final = 0.35
_TEXTS: Final = 800


@dataclass(frozen=True)
class Times:
    """Times of a column.

    Attributes:
        share: Of the filled cells that are times.
        formats: What reads them, one after the other; empty where ISO 8601 does, or the cells are times by themselves.
        other: The same format with day and month in the other order, where that reads every cell as well.
        why: What speaks for the order.
        clock: Whether they have a time of day.
        offset: Whether they say their offset from UTC.
        span: The first and the last day, as texts.
    """

    share: float
    formats: tuple[str, ...] = ()
    other: str | None = None
    why: str = ""
    clock: bool = True
    offset: bool = False
    span: tuple[str, str] = ("", "")


def times_of(texts: Sequence[str]) -> Times | None:
    """The times among texts; counts since 1970 are among them, whole numbers though they are. None where none is one.

    Args:
        texts: Filled cells in the order of the rows, without blanks around them.
    """
    cells = pd.Series(list(texts[:_TEXTS]), dtype=object)
    numeric = cells.str.fullmatch(r"\d{5}(?:\.\d+)?|\d{9,19}(?:\.\d+)?").mean()
    if numeric >= _MOST:
        return _counted(cells)
    if cells.str.match(_DATED).mean() < 0.5:
        return None
    return _written(cells)


def is_clock(texts: Sequence[str]) -> bool:
    """Whether most texts are times of day alone."""
    return sum(bool(_CLOCK.fullmatch(text)) for text in texts) >= _MOST * len(texts) > 0


def typed_times(cells: "pd.Series[Any]") -> Times:
    """Cells that are times by themselves."""
    times = pd.to_datetime(cells, utc=True, errors="coerce")
    clock = bool((times.dropna() != times.dropna().dt.normalize()).any())
    return Times(1.0, clock=clock, offset=True, span=_span(times))


def _counted(cells: "pd.Series[Any]") -> Times | None:
    numbers = pd.to_numeric(cells, errors="coerce").dropna()
    middle = float(numbers.median())
    for unit in (*EPOCHS, EXCEL):
        times = parsed(cells, unit)
        if times.between(*LIKELY).mean() >= _MOST and (unit != EXCEL or 33_000 < middle < 60_000):
            return Times(float(times.notna().mean()), (unit,), clock=True, offset=unit != EXCEL, span=_span(times))
    return None


def _written(cells: "pd.Series[Any]") -> Times | None:
    iso = iso_times(cells)
    if iso.between(*LIKELY).mean() >= 1 - _ENOUGH:
        return _found(cells, iso, ())
    formats, rest, times = list[str](), cells, iso.where(iso.between(*LIKELY))
    if times.notna().mean() > _ENOUGH:
        formats.append(ISO)
        rest = cells[times.isna()]
    other, why = None, ""
    while len(rest) > _ENOUGH * len(cells) and len(formats) < 4:
        best = _best(rest)
        if best is None:
            break
        form, alike, reason = best
        read = parsed(rest, form)
        formats.append(form)
        other, why = (alike, reason) if len(formats) == 1 else (other, why)
        times = times.fillna(read)
        rest = rest[read.isna()]
    return _found(cells, times, tuple(formats), other, why) if formats else None


def _found(
    cells: "pd.Series[Any]", times: "pd.Series[Any]", formats: tuple[str, ...], other: str | None = None, why: str = ""
) -> Times:
    return Times(
        share=float(times.notna().mean()),
        formats=formats,
        other=other,
        why=why,
        clock=bool(cells.str.contains(r"\d{1,2}[:.h]\d{2}(?:[:.\s]|$)|T\d{2}").mean() > 0.5),
        offset=bool(cells.str.contains(_OFFSET).mean() > 0.5),
        span=_span(times),
    )


def _best(cells: "pd.Series[Any]") -> tuple[str, str | None, str] | None:
    """The format that reads most cells, the one of the other order if it reads as many, and why it is not taken."""
    shares = {form: share for form in CLOCKED if (share := _share(cells, form)) > 0.3}
    if not shares:
        return None
    best = max(shares, key=lambda form: shares[form])
    other = swapped(best)
    if other is None or shares.get(other, 0) < shares[best]:
        return best, None, "a day after the 12th shows the order" if other else ""
    ordered, reason = _by_order(cells, best, other)
    return ordered, (other if ordered == best else best), reason


def _share(cells: "pd.Series[Any]", form: str) -> float:
    """Share of the cells that a format reads as believable times; quick where it reads none."""
    matches = cells.str.fullmatch(shape_of(form))
    if matches.mean() < 0.3:
        return 0.0
    return float(parsed(cells, form).between(*LIKELY).mean())


def _by_order(cells: "pd.Series[Any]", first: str, second: str) -> tuple[str, str]:
    """Of two orders the one in which the file's rows follow each other in time; else the one with the day first."""
    ways = {form: _way(cells, form) for form in (first, second)}
    best = min(ways, key=lambda form: ways[form])
    if ways[best] < _STRAIGHT * max(ways.values()):
        return best, "in this order the rows follow each other in time"
    day_first = first if first.find("%d") < first.find("%m") else second
    return day_first, "nothing in the column shows whether the day or the month stands first"


def _way(cells: "pd.Series[Any]", form: str) -> float:
    """Seconds from row to row, to and fro; of rows in the order of time not more than from the first to the last."""
    steps: Any = parsed(cells, form).diff().abs()
    return float(steps.dt.total_seconds().sum())


def _span(times: "pd.Series[Any]") -> tuple[str, str]:
    known = times.dropna()
    return (str(known.min())[:10], str(known.max())[:10]) if len(known) else ("", "")
