"""The marks that may stand between cells, and the row that holds the column names, told from the first rows."""

import csv
import re
from collections.abc import Sequence
from statistics import median
from typing import Final

DELIMITERS: Final = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")

_FITTING: Final = 0.7
"""Of as many cells as most rows have filled, the share from which a row may hold the names of all columns."""

_NUMBER: Final = re.compile(r"[+-]?[\d.,:/\s%-]*\d[\d.,:/\s%-]*")


def cells_of(lines: Sequence[str], mark: str) -> list[list[str]]:
    """The cells of lines that ``mark`` divides; lines that cannot be divided are their own only cell."""
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return [[line] for line in lines]


def header_line(rows: Sequence[Sequence[object]]) -> int | None:
    """The number of the first row, from 1, that may hold the column names: filled like most, with texts alone.

    Titles, dates of the report and empty lines may stand above. None where no row is such a one.
    """
    filled = [sum(str(cell).strip() != "" for cell in row) for row in rows]
    usual = median([count for count in filled if count] or [0])
    names = (at for at, row in enumerate(rows, 1) if filled[at - 1] >= max(2, _FITTING * usual) and _all_names(row))
    return next(names, None)


def header_with(rows: Sequence[Sequence[object]], wanted: Sequence[str]) -> tuple[int, int]:
    """The number of the first row that holds most of the wanted names, from 1, and how many it holds."""
    held = [len({str(cell).strip() for cell in row} & set(wanted)) for row in rows]
    most = max(held, default=0)
    return (held.index(most) + 1 if most else 1), most


def _all_names(row: Sequence[object]) -> bool:
    texts = [(cell, str(cell).strip()) for cell in row]
    return all(not text or (isinstance(cell, str) and not _NUMBER.fullmatch(text)) for cell, text in texts)
