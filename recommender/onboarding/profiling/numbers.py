"""How numbers are written in a column: their decimal mark, that between thousands, and a currency."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Final

import pandas as pd

from recommender.data.parsing.currencies import PATTERN, WITHOUT_MINOR, code_of
from recommender.data.parsing.number_marks import likely_marks

_BESIDE: Final = r"(?:[^\d\s.,'()+\u2212-][^\d\s,'()+\u2212-]{0,4})"
"""What may be a currency: the many that there are would take long to look for in every text."""
_CURRENCY: Final = re.compile(rf"{PATTERN}|%")
_NUMBER: Final = re.compile(
    rf"(?P<before>{_BESIDE}?\s?)\(?[-+\u2212]?(?P<again>{_BESIDE}?\s?)"
    r"(?P<number>\d[\d.,'\u2019 \u00a0\u202f\u2009]*|[.,]\d+)"
    rf"\)?[-\u2212]?(?P<after>\s?{_BESIDE}?)"
)
_BLANKS: Final = re.compile("['\u2019 \u00a0\u202f\u2009]")
_GROUPS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SOME: Final = 2
_MANY: Final = 5
"""More numbers than these, with three digits behind each mark, make it one between thousands: a point, a comma."""
_SCIENCE: Final = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")


@dataclass(frozen=True)
class Numbers:
    """Numbers of a column.

    Attributes:
        share: Of the filled cells that are numbers.
        decimal: The decimal mark.
        thousands: The mark between thousands; empty where there is none, or a blank.
        certain: Whether a number shows which mark is which; else 1.125 may be 1125.
        currencies: Signs and codes beside the numbers, the most frequent first.
        whole: Share of the numbers without decimals.
        low, middle, high: Their least, median and greatest value.
    """

    share: float
    decimal: str
    thousands: str
    certain: bool
    currencies: tuple[str, ...]
    whole: float
    low: float
    middle: float
    high: float


def numbers_of(texts: Sequence[str]) -> Numbers | None:
    """The numbers among texts without blanks around them; None where there is none."""
    found = [match for text in texts if (match := _NUMBER.fullmatch(text)) and _is_currency(_dress(match))]
    scientific = [text for text in texts if _SCIENCE.fullmatch(text)]
    if not found and not scientific:
        return None
    written = [_BLANKS.sub("", match["number"]) for match in found]
    dress = Counter(sign for match in found if (sign := _dress(match)))
    decimal, thousands, certain = _marks(written, whole=any(code_of(sign) in WITHOUT_MINOR for sign in dress))
    values = [value for text in written if (value := _value(text, decimal, thousands)) is not None]
    values += [float(text) for text in scientific]
    if not values:
        return None
    return Numbers(
        share=len(values) / len(texts),
        decimal=decimal,
        thousands=thousands,
        certain=certain,
        currencies=tuple(sign for sign, _ in dress.most_common(5)),
        whole=sum(value.is_integer() for value in values) / len(values),
        low=min(values),
        middle=float(median(values)),
        high=max(values),
    )


def _dress(match: re.Match[str]) -> str:
    return next((part for name in ("before", "again", "after") if (part := match[name].strip())), "")


@lru_cache(maxsize=4096)
def _is_currency(dress: str) -> bool:
    return not dress or _CURRENCY.fullmatch(dress) is not None


def _marks(numbers: Sequence[str], *, whole: bool) -> tuple[str, str, bool]:
    """The decimal mark, that between thousands, and whether any number proves it."""
    marks = likely_marks(pd.Series(numbers, dtype=object), whole=whole)
    return (marks.decimal, marks.thousands, True) if marks is not None else _doubtful_marks(numbers)


def _doubtful_marks(numbers: Sequence[str]) -> tuple[str, str, bool]:
    """The marks of numbers that prove nothing, or not all the same; certain where no number has a mark."""
    mark = max(".,", key=lambda sign: sum(sign in text for text in numbers))
    marked = [text for text in numbers if mark in text]
    if not marked:
        return ".", "", True
    grouped = sum(bool(_GROUPS.fullmatch(text)) and not text.startswith("0") for text in marked)
    several = len(marked) > _MANY if mark == "," else len(marked) > _SOME and len({len(text) for text in marked}) > 1
    if grouped == len(marked) and several:
        return "." if mark == "," else ",", mark, False
    return mark, "." if mark == "," else "", grouped < len(marked)


def _value(text: str, decimal: str, thousands: str) -> float | None:
    try:
        return float((text.replace(thousands, "") if thousands else text).replace(decimal, "."))
    except ValueError:
        return None
