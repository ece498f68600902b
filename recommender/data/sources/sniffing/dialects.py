"""How a text file's rows are written: what stands between cells, what quotes are, and which line names the columns."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from recommender.data.sources.description.table_source import Quoting
from recommender.data.sources.sniffing.rows import DELIMITERS

_LINES: Final = 300
_TITLE_LINES: Final = 15
_STEADY: Final = 0.8
_ESCAPED: Final = re.compile(r'(?<!\\)\\"')
_WORD: Final = re.compile(r"[^\W\d]+")
_NUMBER: Final = re.compile(r"[-+]?[\d.,]+")


@dataclass(frozen=True)
class Dialect:
    """How the rows of a text file are written.

    Attributes:
        mark: What stands between the cells.
        quoting: What a quote is; None where quotes enclose cells or there are none.
        header: The line in which the columns' names stand, from 1.
        names: The columns' names.
        steady: Share of the rows that are as wide as most.
        nameless: Whether the first row looks like all others, so that nothing names the columns.
    """

    mark: str
    quoting: Quoting | None
    header: int
    names: tuple[str, ...]
    steady: float
    nameless: bool = False

    def rows(self, text: str, *, header: bool = True) -> list[list[str]]:
        """The rows of a part of the file that are as wide as the header, which is left out where it is there."""
        lines = text.splitlines(keepends=True)
        found = _read(lines[self.header if header else 0 :], self.mark, self.quoting)
        width = len(self.names)
        return [row[:width] for row in found if len(row) == width or (len(row) > width and not any(row[width:]))]


def dialect_of(text: str) -> Dialect | None:
    """The dialect in which most rows have the same width; None where no mark parts cells.

    Args:
        text: The file's beginning, in whole lines.
    """
    lines = text.splitlines(keepends=True)[:_LINES]
    quoting = _quoting(text)
    found = [dialect for mark in DELIMITERS if (dialect := _with_mark(lines, mark, quoting))]
    return max(found, key=_worth, default=None)


def _worth(dialect: Dialect) -> tuple[float, int]:
    """A dialect in which the first line names the columns goes before one that takes a later line for it."""
    return round(dialect.steady, 1) + (0.3 if dialect.header == 1 else 0.0), len(dialect.names)


def _quoting(text: str) -> Quoting | None:
    """A quote after a backslash, more often than a doubled one, is one in the text."""
    escaped = len(_ESCAPED.findall(text))
    return "backslash" if escaped > text.count('""') else None


def _with_mark(lines: Sequence[str], mark: str, quoting: Quoting | None) -> Dialect | None:
    rows = _read(lines, mark, quoting)
    if any('"' in line for line in lines) and quoting is None and _torn(rows, lines):
        rows, quoting = _read(lines, mark, "none"), "none"
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return None
    width = max(widths, key=lambda size: widths[size] * (size > 1))
    steady = widths[width] / sum(widths.values())
    at = next((place for place, row in enumerate(rows) if _names_columns(row, width)), None)
    if width < 2 or at is None or at > _TITLE_LINES or (steady < _STEADY and at == 0 and widths[width] < 3):
        return None
    names = tuple(cell.strip() if quoting else cell for cell in rows[at])
    below = rows[at + 1 :]
    steady = sum(len(row) == width for row in below if row) / max(sum(map(bool, below)), 1) if below else steady
    return Dialect(mark, quoting, _line(lines, at), names, steady, _is_nameless(rows[at], below))


def _line(lines: Sequence[str], at: int) -> int:
    """The number of the line of a row before which no cell goes over lines."""
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    return filled[at] if at < len(filled) else at + 1


def _torn(rows: Sequence[Sequence[str]], lines: Sequence[str]) -> bool:
    """Whether a quote joined so many lines that it was none."""
    return len(rows) < len(lines) / 3 and any(cell.count("\n") > 20 for row in rows for cell in row)


def _read(lines: Sequence[str], mark: str, quoting: Quoting | None) -> list[list[str]]:
    how: dict[str, Any] = {
        "none": {"quoting": csv.QUOTE_NONE},
        "backslash": {"doublequote": False, "escapechar": "\\"},
    }.get(quoting or "", {})
    try:
        return [row for row in csv.reader(lines, delimiter=mark, **how) if row]
    except csv.Error:
        return []


def _names_columns(row: Sequence[str], width: int) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    # Columns at the end may be nameless: a spreadsheet exports what stood beside the table.
    named = 0.5 if row[: len(filled)] == filled and all(map(_WORD.fullmatch, filled)) else 0.7
    return len(row) == width and len(filled) >= max(2, named * width) and len(set(filled)) >= 0.9 * len(filled)


def _is_nameless(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells of the first row are numbers where those below are."""
    return bool(rows) and sum(bool(_NUMBER.fullmatch(name.strip())) for name in names) * 2 >= len(names)
