"""Which ``format`` and ``timezone`` a column of times may be given; loads no library, as every command checks it."""

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCHS: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""Units of numbers that count from 1970 on, by how many make a second."""

EXCEL: Final = "excel"
"""Days since 1899-12-30, as spreadsheets number them."""

ISO_8601: Final = "iso"
"""What a column without a format is read by."""

_DIRECTIVE: Final = re.compile(r"%(.)")
_KNOWN: Final = frozenset("YymdbBjHIMSfpzZaA%")
_NEEDED: Final = {"a year": "Yy", "a month": "mbBj", "a day": "dj"}
_ZONE: Final = re.compile(r"\s*%Z$")


def format_fault(form: str) -> str | None:
    """What is wrong with a format, as a sentence; None where it says year, month and day, each by a known sign."""
    if form in EPOCHS or form in (EXCEL, ISO_8601):
        return None
    signs = _DIRECTIVE.findall(form)
    unknown = next((f"%{sign}" for sign in signs if sign not in _KNOWN), None)
    lacking = next((what for what, some in _NEEDED.items() if not set(signs) & set(some)), None)
    if not signs:
        return f"'{form}' has no sign such as %d: {_signs()}"
    if unknown:
        return f"'{form}' has {unknown}, which is not known: {_signs()}"
    if lacking:
        hint = " (%M are minutes)" if "M" in signs else ""
        return f"'{form}' does not say {lacking}{hint}: {_signs()}"
    if "Z" in signs and not _ZONE.search(form):
        return f"'{form}' has %Z before its end; only at the end a zone's name can be read"
    return None


def formats_fault(forms: Sequence[str]) -> str | None:
    """What is wrong with several formats, of which the first that reads a text counts; None where nothing is."""
    faults = (fault for form in forms if (fault := format_fault(form)))
    twice = next((form for form in forms if swapped(form) in forms and swapped(form) != form), None)
    if not forms:
        return "a format is missing: such as '%d.%m.%Y'"
    if twice:
        return f"'{twice}' and '{swapped(twice)}' read the same text as different days: one of them must go"
    return next(faults, None)


def swapped(form: str) -> str | None:
    """The format with day and month in each other's place; None for one in which they are no numbers."""
    if "%d" not in form or "%m" not in form:
        return None
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _signs() -> str:
    return "%d day, %m month, %Y year, %y year of two digits, %B month's name, %H:%M:%S time, %z offset, %Z zone"


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone in the IANA's database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
