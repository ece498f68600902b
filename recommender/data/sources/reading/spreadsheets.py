"""Sheets of xlsx, xlsm, xlsb, xls and ods files: texts, numbers, truths and times as they are in the cells.

A text stays what it is, so ids keep their zeros. A cell that holds an error (#N/A) is missing, as the reader has it.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from infrastructure.errors import DataError
from infrastructure.machine import require_memory
from infrastructure.progress import note
from recommender.data.parsing.cell_texts import cell_text
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.frames import frames_of
from recommender.data.sources.reading.spreadsheet_errors import error_cells
from recommender.data.sources.reading.text_files import require_columns

SUFFIXES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")

_MEMORY: Final = 3
"""Bytes that a sheet takes in memory for each of its file, unpacked."""


def sheet_frames(path: Path, columns: Sequence[str], how: TableSource) -> Iterator[pd.DataFrame]:
    """The ``columns`` of a sheet, None where a cell is empty; rows without any cell are left out.

    Raises:
        DataError: The file has no such sheet, or the sheet lacks a column.
        ValueError: It is no such file, or asks for a password.
        CapacityError: Unpacked it does not fit into memory.
    """
    _check_size(path)
    try:
        book = CalamineWorkbook.from_path(path)
        name = _sheet_name(path, book, how)
        sheet = book.get_sheet_by_name(name)
    except CalamineError as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if errors := error_cells(path, name):
        note("cells with an error such as #N/A, read as missing", file=path.name, sheet=name, rows=errors)
    yield from frames_of(_rows(path, sheet, columns, how), columns)


def sheet_names(path: Path) -> list[str]:
    """The names of a file's sheets that hold cells."""
    return _names(CalamineWorkbook.from_path(path))


def rows_by_sheet(path: Path) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """The sheets that hold cells by name, each with its rows, None where a cell is empty.

    Raises:
        DataError, ValueError: As :func:`sheet_frames`.
    """
    _check_size(path)
    try:
        book = CalamineWorkbook.from_path(path)
        for name in _names(book):
            yield name, ([*map(_cell, row)] for row in _whole_rows(book.get_sheet_by_name(name)))
    except CalamineError as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def first_rows(path: Path, sheet: str | None, rows: int) -> list[list[Any]]:
    """The first rows of a sheet (without a name the first one) as they are, for who looks for the header."""
    book = CalamineWorkbook.from_path(path)
    return book.get_sheet_by_name(sheet or _names(book)[0]).to_python(skip_empty_area=False, nrows=rows)


def _names(book: CalamineWorkbook) -> list[str]:
    return [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]


def _sheet_name(path: Path, book: CalamineWorkbook, how: TableSource) -> str:
    names = _names(book)
    if how.sheet is None and names:
        return names[0]
    if how.sheet in names:
        return str(how.sheet)
    raise DataError(
        "The file has no such sheet.",
        where=str(path),
        field="sheet",
        value=how.sheet,
        expected=f"one of: {', '.join(names)}",
    )


def _rows(path: Path, sheet: CalamineSheet, columns: Sequence[str], how: TableSource) -> Iterator[list[Any]]:
    rows = _whole_rows(sheet)
    names: list[str] = []
    for _ in range(how.header):
        names = [(cell_text(cell) or "").strip() for cell in next(rows, [])]
    require_columns(str(path), columns, names)
    places = [names.index(name) for name in columns]
    for row in rows:
        if any(cell != "" for cell in row):
            yield [_cell(row[place]) for place in places]


def _whole_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows one by one, with the empty columns before the first filled one, which the reader leaves out."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield [*left, *row]


def _cell(cell: Any) -> Any:
    """A cell; a time at midnight, which the reader takes for a day, is one like all others."""
    if cell == "":
        return None
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime(cell.year, cell.month, cell.day)
    return str(cell) if isinstance(cell, dt.time | dt.timedelta) else cell


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    require_memory(_MEMORY * size, f"Reading {path.name}", cure="save it as csv, which is read in less", field="file")
