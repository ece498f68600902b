"""Numbers that stand as text: with currencies, marks between thousands, and every way to write a minus."""

import re
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.cells import Cells

_BLANKS: Final = r" \u00a0\u2009\u202f"
# Between thousands wherever they stand: no country writes decimals after them.
_GROUPING: Final = rf"{_BLANKS}'\u2019"
_MINUS: Final = r"[-\u2010-\u2014\u2212\ufe63\uff0d]"
_CURRENCY: Final = (
    r"(?:US\$|[$€£¥₩₹₺₽₫฿]|zł|Kč|Ft|kr\.?|Fr\.?|R\$|円|元|원|AED|AUD|BGN|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR"
    r"|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR)"
)
_DRESSED: Final = re.compile(
    rf"(?:{_CURRENCY})?(?P<open>\()?(?:{_CURRENCY})?(?P<before>{_MINUS}|\+)?(?:{_CURRENCY})?(?P<inner>{_MINUS})?"
    rf"(?P<number>[0-9.,](?:[^()]*[0-9])?)(?:{_CURRENCY})?(?P<after>{_MINUS}|CR)?(?P<close>\))?(?:{_CURRENCY})?"
)
_MARGIN: Final = re.compile(rf"(?<![0-9])[{_BLANKS}]+|[{_BLANKS}]+(?![0-9])")


def read_numbers(texts: Cells, decimal: str = ".", thousands: str = "") -> Cells:
    """Texts as numbers, missing where they are none; float64.

    ``(12.00)``, ``−12.00`` and ``12.00-`` are negative, as accountants and their programs write it. A number that
    would mean another one in another country is read by ``decimal`` and ``thousands`` alone, and is none where it does
    not fit them.
    """  # noqa: RUF002 (the signs that are meant)
    if texts.isna().all():
        return pd.Series(float("nan"), index=texts.index)
    pattern = re.compile(_pattern(decimal, thousands))
    plain = texts.str.fullmatch(pattern, na=False)
    odd = texts[~plain & texts.notna()]
    if len(odd):
        texts = texts.mask(~plain, odd.map({text: _bare(text, pattern) for text in odd.unique()}))
    marks = re.escape(thousands) + _GROUPING
    canonical = texts.str.replace(rf"[{marks}]", "", regex=True).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(canonical, errors="coerce").astype("float64")


def _bare(text: str, pattern: re.Pattern[str]) -> str | None:
    """A number without its currency, its sign a hyphen in front; None where it is no number."""
    found = _DRESSED.fullmatch(_MARGIN.sub("", text))
    if not found or not pattern.fullmatch(found["number"]):
        return None
    signs = [bool(found["open"]), *(found[part] not in (None, "+") for part in ("before", "inner", "after"))]
    if sum(signs) > 1 or bool(found["open"]) != bool(found["close"]):
        return None
    return f"{'-' if any(signs) else ''}{found['number']}"


def _pattern(decimal: str, thousands: str) -> str:
    mark = rf"[{re.escape(thousands)}{_GROUPING}]"
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?P<mark>{mark})[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)"
    point = re.escape(decimal)
    return rf"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"


def is_number(cell: Any) -> bool:
    """Whether a cell is a number by itself, and no text of one; a truth is none."""
    return pd.api.types.is_number(cell) and not isinstance(cell, bool)
