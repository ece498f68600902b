"""How figures and lists are written, the same on every page."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd


def count(number: float) -> str:
    """12101 -> "12,101"."""
    return f"{number:,.0f}"


def count_of(number: int, thing: str, things: str | None = None) -> str:
    """(1, "row") -> "1 row", (2101, "row") -> "2,101 rows"."""
    return f"{count(number)} {thing if number == 1 else things or thing + 's'}"


def share(part: float) -> str:
    """0.1234 -> "12.3%"; all and nothing are written whole, and very small shares keep two digits."""
    if round(part, 9) in (0, 1):
        return f"{part:.0%}"
    return f"{part:.1%}" if part >= 0.001 else f"{plain(float(f'{100 * part:.2g}'))}%"


def amount(number: float) -> str:
    """A number with up to three significant digits and no exponent: 0.0123, 4.57, 1,235."""
    if abs(number) >= 100:
        return count(number)
    digits = 2 if abs(number) < 10 else 1
    return plain(round(number, digits if abs(number) >= 1 else 3))


def span(first: float, last: float) -> str:
    """(5, 9) -> "5 to 9", written with a dash; a span of one number is that number."""
    return plain(first) if first == last else f"{plain(first)}\N{EN DASH}{plain(last)}"


def plain(number: float) -> str:
    """A number as it is, with no exponent however large or small: 0.00001, 1,000,000, 2.5."""
    return f"{number:,.10f}".rstrip("0").rstrip(".")


def date_text(time: pd.Timestamp) -> str:
    """The date of a time: 2014-07-23."""
    return time.strftime("%Y-%m-%d")


def moment(when: datetime) -> str:
    """The minute of a time in UTC: 2014-07-23 08:15 UTC."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def shortened(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis where something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def enumeration(names: list[str]) -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def pairs(values: Mapping[str, object]) -> str:
    """{"a": 1, "b": 2} -> "a 1, b 2"."""
    return ", ".join(f"{name} {value}" for name, value in values.items())
