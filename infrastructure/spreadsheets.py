"""What spreadsheets make of text files."""

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet computes (OWASP, "CSV injection"); names come from outside."""


def no_formula(text: str) -> str:
    """``text`` for a cell of a CSV file, with an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
