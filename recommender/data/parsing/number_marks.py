"""Which marks a column of written numbers has, between thousands and before decimals: told from the whole column."""

import re
from dataclasses import dataclass
from typing import Any, Final

from recommender.data.parsing.cells import Cells

SAMPLE: Final = 20_000
"""So many different cells are looked at."""
_BLANK: Final = r"(?<=[0-9])[\s'\u2019]+(?=[0-9])"
_CORE: Final = r"([0-9][0-9.,]*)"
_DECIMAL: Final = (
    r"^(?:[0-9]*{mark}[0-9]{{1,2}}|[0-9]*{mark}[0-9]{{4,}}|0{mark}[0-9]+"
    r"|[0-9]{{1,3}}(?:{other}[0-9]{{3}})+{mark}[0-9]*)$"
)
_GROUPS: Final = r"^[0-9]{{1,3}}(?:{mark}[0-9]{{3}}){{2,}}$|^[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}$"
_ONE_GROUP: Final = r"^[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}$"
_OTHER: Final = {",": ".", ".": ","}


@dataclass(frozen=True)
class Marks:
    """How numbers are written.

    Attributes:
        decimal: Mark before the decimals.
        thousands: Mark between the thousands; empty where none is seen.
    """

    decimal: str
    thousands: str = ""


def likely_marks(texts: Cells, *, whole: bool = False) -> Marks | None:
    """The marks of a column where some cell leaves no doubt and none says otherwise; else None.

    Args:
        texts: Numbers as they are written, with or without currencies.
        whole: The numbers have no decimals (prices in a currency without a minor unit), so a mark before three digits
            stands between thousands.
    """
    sample = texts.dropna().drop_duplicates().head(SAMPLE).astype(str).str.replace(_BLANK, "", regex=True)
    cores = sample.str.extract(_CORE)[0].dropna().str.rstrip(".,")
    found = [marks for mark in _OTHER if (marks := _of_mark(cores, mark, whole)) is not None]
    return found[0] if len(set(found)) == 1 else None


def _of_mark(cores: Cells, mark: str, whole: bool) -> Marks | None:
    """What the cells with ``mark`` say for certain."""
    other = _OTHER[mark]
    if _some(cores, _DECIMAL, mark):
        return Marks(mark, other if _some(cores, _ONE_GROUP, other) or _has_both(cores) else "")
    if _some(cores, _GROUPS, mark) or (whole and _some(cores, _ONE_GROUP, mark)):
        return Marks(other, mark)
    return None


def _has_both(cores: Cells) -> bool:
    return bool((cores.str.contains(",", regex=False) & cores.str.contains(".", regex=False)).any())


def _some(cores: Cells, pattern: str, mark: str) -> bool:
    marks: dict[str, Any] = {"mark": re.escape(mark), "other": re.escape(_OTHER[mark])}
    return bool(cores.str.contains(pattern.format(**marks), regex=True).any())
