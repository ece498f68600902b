"""The file of everybody's recommendations, written in the format that its name's ending asks for."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from infrastructure.errors import RequestError
from infrastructure.spreadsheets import no_formula
from recommender.contract import columns as c

PRODUCT_NAME: Final = "product_name"
REASONS: Final = "reasons"
REASON_KINDS: Final = "reason_kinds"
#: The first four are what programs have always read; what people read, and the kinds of the reasons, come after them.
COLUMNS: Final = (c.CUSTOMER_ID, c.PRODUCT_ID, c.RANK, c.SCORE, PRODUCT_NAME, c.BRAND, REASONS, REASON_KINDS)

MOST_SHEET_ROWS: Final = 1_048_576
"""Rows of an Excel sheet, its heading included: ECMA-376 and Microsoft's "Excel specifications and limits"."""
_MOST_CELL_TEXT: Final = 32_767
_WRITTEN_BY_PEOPLE: Final = (PRODUCT_NAME, c.BRAND, REASONS)
_NO_DATE: Final = datetime(1980, 1, 1)


def check_target(target: Path) -> None:
    """Check that the name of a file says in which format it is to be written.

    Raises:
        RequestError: It has another ending.
    """
    if target.suffix.lower() not in _WRITERS:
        raise RequestError(
            "The file's ending does not say in which format to write it.",
            field="out",
            value=str(target),
            expected=f"a name that ends with {', '.join([*_WRITERS][:-1])} or {[*_WRITERS][-1]}",
        )


def check_rows(target: Path, rows: int) -> None:
    """Check that the format can hold so many rows.

    Raises:
        RequestError: An Excel sheet would be too small.
    """
    if target.suffix.lower() == ".xlsx" and rows + 1 > MOST_SHEET_ROWS:
        raise RequestError(
            f"An Excel sheet holds {MOST_SHEET_ROWS:,} rows with its heading; this file would have up to {rows + 1:,}.",
            field="out",
            value=str(target),
            expected="a name that ends with .csv, .jsonl or .parquet, or a smaller --k",
        )


def encoded(rows: pd.DataFrame, target: Path) -> bytes:
    """The content of ``target``: ``rows`` with ``COLUMNS``, in the format of its ending; same rows, same bytes."""
    return _WRITERS[target.suffix.lower()](rows)


def _csv(rows: pd.DataFrame) -> bytes:
    """With commas, and the mark by which Excel knows UTF-8; programs read it as "utf-8-sig".

    Names and reasons that a spreadsheet would take for a formula get an apostrophe; ids, which programs join by, and
    numbers are written as they are.
    """
    safe = rows.assign(**{name: rows[name].map(no_formula, na_action="ignore") for name in _WRITTEN_BY_PEOPLE})
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _parquet(rows: pd.DataFrame) -> bytes:
    return rows.to_parquet(index=False)


def _jsonl(rows: pd.DataFrame) -> bytes:
    """One JSON object a line; what is not known is null."""
    return rows.to_json(orient="records", lines=True, force_ascii=False, double_precision=15).encode()


def _xlsx(rows: pd.DataFrame) -> bytes:
    """One sheet with a fixed heading; texts are texts, so that "=1+1" is no formula and 007 keeps its zeros."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    book.set_properties({"created": _NO_DATE})
    sheet = book.add_worksheet("recommendations")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(rows.columns):
        sheet.write_string(0, place, str(name))
    for line, row in enumerate(rows.itertuples(index=False), start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value[:_MOST_CELL_TEXT])
            elif pd.notna(value):
                sheet.write_number(line, place, float(value))
    sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)
    book.close()
    return out.getvalue()


_WRITERS: Final[Mapping[str, Callable[[pd.DataFrame], bytes]]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".parquet": _parquet,
    ".xlsx": _xlsx,
}
