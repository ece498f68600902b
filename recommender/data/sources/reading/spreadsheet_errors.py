"""How many cells of an xlsx sheet hold an error (#N/A), which the reader of spreadsheets gives as empty ones."""

import html
import re
import zipfile
from pathlib import Path
from typing import Final

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_TARGET: Final = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_ERROR: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*\bt="e"')


def error_cells(path: Path, sheet: str) -> int:
    """The number of error cells in a sheet; 0 where the file is of another kind."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        return sum(1 for _ in _ERROR.finditer(archive.read(member))) if member else 0


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file of a sheet within an xlsx file; None where there is none."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    sheets = map(_attributes, _SHEET.findall(archive.read("xl/workbook.xml")))
    number = next((found.get("r:id") for found in sheets if html.unescape(found.get("name", "")) == sheet), None)
    targets = map(_attributes, _TARGET.findall(archive.read("xl/_rels/workbook.xml.rels")))
    target = next((found["Target"] for found in targets if found.get("Id") == number), "")
    member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return member if member in names else None


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
