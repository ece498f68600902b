"""The delimiter of a text and the line of its column names, told from its first lines."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

DELIMITERS: Final = (",", ";", "\t", "|", "^", "~", "\x01", "\x1f")

_FITTING: Final = 0.8
"""The share of lines that have as many cells as most, from which a mark may be the delimiter."""

_NUMBER: Final = re.compile(r"[+-]?[\d.,:/\s%-]*\d[\d.,:/\s%-]*")


def cells_of(lines: Sequence[str], mark: str) -> list[list[str]]:
    """The cells of lines that ``mark`` divides; lines that cannot be divided are their own only cell."""
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return [[line] for line in lines]


def likely_delimiter(lines: Sequence[str]) -> str | None:
    """The mark that divides most lines into equally many cells, two at least; None where none does."""
    scores = {mark: _score(cells_of(lines, mark)) for mark in DELIMITERS}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > (0, 0) else None


def _score(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How well rows fit together: the share with the usual width, in tenths as a few are odd, and that width."""
    widths = Counter(len(row) for row in rows if row)
    width, rows_of_it = max(widths.items(), key=lambda found: found[::-1], default=(0, 0))
    share = rows_of_it / max(1, widths.total())
    wide = width > 1 and (share >= _FITTING or (rows_of_it > 1 and share > 1 - _FITTING and max(widths) == width))
    return (round(share, 1), width) if wide else (0, 0)


def likely_header(rows: Sequence[Sequence[object]]) -> int:
    """The number of the first row, from 1, that may hold the column names: filled like most, with texts alone.

    Titles, dates of the report and empty lines may stand above.
    """
    filled = [sum(str(cell).strip() != "" for cell in row) for row in rows]
    usual = max(filled, default=0)
    for at, row in enumerate(rows):
        if filled[at] >= max(2, _FITTING * usual) and all(map(_is_name, row)):
            return at + 1
    return next((at + 1 for at, count in enumerate(filled) if count == usual and count), 1)


def header_with(rows: Sequence[Sequence[object]], wanted: Sequence[str]) -> tuple[int, int]:
    """The number of the first row that holds most of the wanted names, from 1, and how many it holds."""
    held = [len({str(cell).strip() for cell in row} & set(wanted)) for row in rows]
    most = max(held, default=0)
    return (held.index(most) + 1 if most else 1), most


def _is_name(cell: object) -> bool:
    text = str(cell).strip()
    return not text or (isinstance(cell, str) and not _NUMBER.fullmatch(text))
