"""Spreadsheets: each sheet that holds a table."""

import importlib
from pathlib import Path
from typing import Any, Final

import pandas as pd

from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.looking.delimited import NoTableError
from recommender.onboarding.looking.names import words_of

_MOST_ROWS: Final = 20_000
_TITLE_LINES: Final = 15


def sheet_tables(path: Path, shown: str) -> list[FoundTable]:
    """Look at the sheets of an xlsx or ods file.

    Raises:
        NoTableError: No sheet holds a table, or what reads such files is not installed.
        OSError, ValueError: It cannot be read.
    """
    try:
        calamine: Any = importlib.import_module("python_calamine")
    except ImportError:
        raise NoTableError("spreadsheets cannot be read here; save each sheet as CSV UTF-8") from None
    book = calamine.CalamineWorkbook.from_path(str(path))
    found = list[FoundTable]()
    for at, sheet in enumerate(book.sheet_names):
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if (table := _table(path, shown, sheet, rows, first=at == 0)) is not None:
            found.append(table)
    if not found:
        raise NoTableError("no sheet has a line of column names with rows below it")
    return found


def _table(path: Path, shown: str, sheet: str, rows: list[list[Any]], *, first: bool) -> FoundTable | None:
    texts = [[_filled(cell) for cell in row] for row in rows]
    at = _header(texts)
    if at is None or at + 1 >= len(texts):
        return None
    reading, evidence = dict[str, Any](file=shown), dict[str, str]()
    if not first:
        reading["sheet"] = sheet
    if at:
        reading["header"], evidence["header"] = at + 1, "the lines before it are no row of the table"
    names = [str(name).strip() if name is not None else "" for name in texts[at]]
    frame = pd.DataFrame(texts[at + 1 : at + 1 + _MOST_ROWS], columns=pd.Index(names), dtype=object)
    frame = frame.loc[:, [bool(name) and names.count(name) == 1 for name in names]].dropna(how="all")
    count = len(texts) - at - 1
    words = words_of(sheet if len(texts) and not sheet.lower().startswith("sheet") else path.name)
    return FoundTable(f"{path.name}, sheet {sheet}", words, reading, frame, count, count <= _MOST_ROWS, evidence)


def _filled(cell: Any) -> Any:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _header(rows: list[list[Any]]) -> int | None:
    """The first line that has as many filled cells, all texts, as most lines have."""
    widths = [sum(cell is not None for cell in row) for row in rows[:200]]
    usual = max(sorted(widths)[len(widths) // 2], 2) if widths else 2
    for at, row in enumerate(rows[:_TITLE_LINES]):
        filled = [cell for cell in row if cell is not None]
        if len(filled) >= 0.7 * usual and len(filled) > 1 and all(isinstance(cell, str) for cell in filled):
            return at
    return None
