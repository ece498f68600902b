"""How numbers are written in a column: their decimal mark, that between thousands, and a currency."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

_CURRENCY: Final = (
    r"(?:[A-Z]{0,2}\$|[\u20a0-\u20cf£¥¢%]|[zZ]ł|Kč|Ft|[kK]r\.?|Fr\.?|[đĐ]|円|元|원|Rp\.?|RM|TL|lei|лв\.?"
    r"|руб\.?|р\."  # noqa: RUF001 (roubles)
    r"|AED|AUD|BGN|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RON|RUB|SAR"
    r"|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR)"
)
_NUMBER: Final = re.compile(
    rf"(?P<before>{_CURRENCY}?\s?)\(?[-+\u2212]?(?P<again>{_CURRENCY}?\s?)"
    r"(?P<number>\d[\d.,'\u2019 \u00a0\u202f\u2009]*|[.,]\d+)"
    rf"\)?[-\u2212]?(?P<after>\s?{_CURRENCY}?)"
)
_BLANKS: Final = re.compile("['\u2019 \u00a0\u202f\u2009]")
_GROUPS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SCIENCE: Final = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
_THOUSANDFOLD: Final = frozenset({"đ", "₫", "vnd", "₩", "원", "krw", "idr", "rp", "rp.", "¥", "円", "jpy"})
"""Currencies without a smaller unit: three digits after a mark are thousands."""


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
    found = [match for text in texts if (match := _NUMBER.fullmatch(text))]
    scientific = [text for text in texts if _SCIENCE.fullmatch(text)]
    if not found and not scientific:
        return None
    written = [_BLANKS.sub("", match["number"]) for match in found]
    dress = Counter(sign for match in found if (sign := _dress(match)))
    decimal, thousands, certain = _marks(written, frozenset(sign.lower() for sign in dress))
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


def _marks(numbers: Sequence[str], dress: frozenset[str]) -> tuple[str, str, bool]:
    """The decimal mark, that between thousands, and whether any number proves it."""
    both = [text for text in numbers if "." in text and "," in text]
    if both:
        decimal = Counter(max(text.rfind("."), text.rfind(",")) == text.rfind(",") for text in both).most_common(1)[0][
            0
        ]
        return (",", ".", True) if decimal else (".", ",", True)
    for mark, other in ((".", ","), (",", ".")):
        marked = [text for text in numbers if mark in text]
        if not marked or len(marked) < sum(other in text for text in numbers):
            continue
        grouped = sum(bool(_GROUPS.fullmatch(text)) and not text.startswith("0") for text in marked)
        several = any(text.count(mark) > 1 for text in marked)
        if several or (grouped == len(marked) and (dress & _THOUSANDFOLD or (len(marked) > 5 and mark == ","))):
            return other, mark, several or bool(dress & _THOUSANDFOLD)
        if grouped == len(marked) and len({len(text) for text in marked}) > 1 and len(marked) > 2:
            return other, mark, False
        return mark, other if mark == "," else "", grouped < len(marked)
    return ".", "", True


def _value(text: str, decimal: str, thousands: str) -> float | None:
    try:
        return float((text.replace(thousands, "") if thousands else text).replace(decimal, "."))
    except ValueError:
        return None
