"""Spreadsheets: each sheet that holds a table."""

from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.cell_texts import cell_text
from recommender.data.sources.reading.spreadsheets import rows_by_sheet
from recommender.data.sources.sniffing.rows import header_line
from recommender.onboarding.found_table import FoundTable, NoTableError
from recommender.onboarding.looking.names import words_of

_MOST_ROWS: Final = 20_000
_LOOKED_AT: Final = 200
_TITLE_LINES: Final = 15


def sheet_tables(path: Path, shown: str) -> list[FoundTable]:
    """Look at the sheets of a spreadsheet.

    Raises:
        NoTableError: No sheet holds a table.
        DataError, OSError, ValueError: It cannot be read.
    """
    sheets = ((name, list(rows)) for name, rows in rows_by_sheet(path))
    found = [_table(path, shown, name, rows, first=at == 0) for at, (name, rows) in enumerate(sheets)]
    if tables := [table for table in found if table is not None]:
        return tables
    raise NoTableError("no sheet has a line of column names with rows below it")


def _table(path: Path, shown: str, sheet: str, rows: list[list[Any]], *, first: bool) -> FoundTable | None:
    header = header_line([[_filled(cell) for cell in row] for row in islice(rows, _LOOKED_AT)])
    below = [row for row in rows[header:] if any(cell is not None for cell in row)] if header else []
    if header is None or header > _TITLE_LINES or not below:
        return None
    reading, evidence = dict[str, Any](file=shown), dict[str, str]()
    if not first:
        reading["sheet"] = sheet
    if header > 1:
        reading["header"], evidence["header"] = header, "the lines before it are no row of the table"
    names = [(cell_text(cell) or "").strip() for cell in rows[header - 1]]
    frame = pd.DataFrame(
        [[None if _filled(cell) == "" else cell for cell in row] for row in below[:_MOST_ROWS]],
        columns=pd.Index(names),
        dtype=object,
    )
    frame = frame.loc[:, [bool(name) and names.count(name) == 1 for name in names]].dropna(how="all")
    words = words_of(path.name if sheet.lower().startswith("sheet") else sheet)
    whole = len(below) <= _MOST_ROWS
    return FoundTable(f"{path.name}, sheet {sheet}", words, reading, frame, len(below), whole, evidence)


def _filled(cell: Any) -> Any:
    """A cell, empty where nothing is to be seen in it."""
    return "" if cell is None or (isinstance(cell, str) and not cell.strip()) else cell
