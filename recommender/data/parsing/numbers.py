"""Numbers that stand as text: with currencies, marks between thousands, and every way to write a minus."""

import re
import unicodedata
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.data.parsing.cells import Cells
from recommender.data.parsing.currencies import PATTERN, code_of

_BLANKS: Final = r" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Between thousands wherever they stand: no country writes decimals after them.
_GROUPING: Final = rf"{_BLANKS}'\u2019\u02bc`\u00b4"
_MINUS: Final = r"[-\u2010-\u2015\u2212\ufe63\uff0d]"
_DRESSED: Final = re.compile(
    rf"(?:{PATTERN})?(?P<open>\()?(?:{PATTERN})?(?P<before>{_MINUS}|\+)?(?:{PATTERN})?(?P<inner>{_MINUS})?"
    rf"(?P<number>[0-9.,](?:[^()]*[0-9])?)(?:{PATTERN})?(?P<after>{_MINUS}|CR)?(?P<close>\))?(?:{PATTERN})?"
)
_MARGIN: Final = re.compile(rf"(?<![0-9])[{_BLANKS}]+|[{_BLANKS}]+(?![0-9])")
# Directions of writing, and joints between words.
_INVISIBLE: Final = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# "12.-" and "12,–" are whole prices: where cents would stand there is a dash.
_NO_CENTS: Final = re.compile(rf"(?<=[0-9])[.,]{_MINUS}{{1,2}}(?![0-9])")
_SIGN: Final = re.compile(PATTERN)
_BESIDE: Final = re.compile(r"[^0-9.,\s+-]")
_PERCENT: Final = re.compile("[%\u066a\uff05]")
_ARABIC_POINT: Final = "\u066b"
_ARABIC_GROUP: Final = "\u066c"


def read_numbers(texts: Cells, decimal: str = ".", thousands: str = "", *, shares: bool = False) -> Cells:
    """Texts as numbers, missing where they are none; float64.

    ``(12.00)``, ``−12.00`` and ``12.00-`` are negative, as accountants and their programs write it; ``12.-`` is 12. A
    number that would mean another one in another country is read by ``decimal`` and ``thousands`` alone, and is none
    where it does not fit them. Groups of two digits are India's (``1,23,456``).

    Args:
        texts: Without blanks around them, missing where there is nothing.
        decimal: Mark before the decimals.
        thousands: Mark between the thousands, beside blanks and apostrophes; empty where there is none.
        shares: ``20 %`` is 0.2, as spreadsheets have it; else it is no number.
    """  # noqa: RUF002 (the signs that are meant)
    if texts.isna().all():
        return pd.Series(float("nan"), index=texts.index)
    # Prices repeat: each different text is read once.
    places, different = pd.factorize(texts)
    numbers = _numbers_of(pd.Series(different, dtype=object), decimal, thousands, shares=shares).to_numpy()
    return pd.Series(np.where(places < 0, np.nan, numbers[places]), index=texts.index)


def _numbers_of(texts: Cells, decimal: str, thousands: str, *, shares: bool) -> Cells:
    pattern = re.compile(_pattern(decimal, thousands))
    plain = texts.str.fullmatch(pattern)
    odd = texts[~plain]
    if len(odd):
        texts = texts.mask(~plain, odd.map(lambda text: _read(text, pattern, decimal, shares)))
    marks = re.escape(thousands) + _GROUPING
    canonical = texts.str.replace(rf"[{marks}]", "", regex=True).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(canonical, errors="coerce").astype("float64")


def _read(text: str, pattern: re.Pattern[str], decimal: str, shares: bool) -> str | None:
    """A number as the pattern has it; None where it is none. A share keeps its digits: hundredths are an exponent."""
    text = _in_ascii(text, decimal)
    if not (shares and len(_PERCENT.findall(text)) == 1):
        return _bare(text, pattern)
    number = _bare(_PERCENT.sub("", text), pattern)
    return None if number is None or "e" in number.lower() else f"{number}e-2"


def _in_ascii(text: str, decimal: str) -> str:
    """The text with the digits of ASCII, without what is not seen; Arabic's own marks leave no doubt."""
    text = _NO_CENTS.sub("", _INVISIBLE.sub("", text))
    if text.isascii():
        return text
    digits = {ord(sign): str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal()}
    return text.translate(digits | {ord(_ARABIC_POINT): decimal, ord(_ARABIC_GROUP): "'"})


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
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?P<mark>{mark})[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*{_indian(thousands)})"
    point = re.escape(decimal)
    return rf"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"


def _indian(thousands: str) -> str:
    """Lakhs and crores; only of a told mark, for "10 20 300" may be three numbers."""
    mark = re.escape(thousands)
    return rf"|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}" if thousands else ""


def is_number(cell: Any) -> bool:
    """Whether a cell is a number by itself, and no text of one; a truth is none."""
    return pd.api.types.is_number(cell) and not isinstance(cell, bool)


def currencies(texts: Cells) -> Cells:
    """The sign or code beside each number, as it stands there; missing where there is none, or two different ones."""
    signs = {text: _currency(text) for text in texts.dropna().unique() if _BESIDE.search(text)}
    if not signs:
        return pd.Series(None, index=texts.index, dtype=object)
    return texts.map(signs).astype(object)


def _currency(text: str) -> str | None:
    found = [sign for sign in _SIGN.findall(_INVISIBLE.sub("", text)) if sign]
    return found[0] if found and len({code_of(sign) or sign for sign in found}) == 1 else None
