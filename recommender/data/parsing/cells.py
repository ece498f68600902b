"""Cells of unknown type as text and as lists of texts, in one form for every later step."""

import ast
from collections.abc import Iterable
from typing import Any, Final, TypeAlias, cast

import numpy as np
import pandas as pd

from recommender.data.parsing.ingredient_lists import split_label
from recommender.data.parsing.label_ends import limit_of

Cells: TypeAlias = "pd.Series[Any]"
"""One column of any type."""

# Any: pandas takes None in ``where``, its type stubs do not.
_MISSING: Final[Any] = None
# Types whose values ``str`` writes as we want them.
_PLAIN: Final = ("string", "integer", "datetime64", "datetime", "empty")


def as_text(cells: Cells) -> Cells:
    """Each cell as text, None where it is missing; whole numbers have no decimals, so ids match across files."""
    if pd.api.types.infer_dtype(cells, skipna=True) in _PLAIN:
        return _objects(cells.astype(str).where(cells.notna()))
    return _objects(cells.map(_text))


def as_stripped_text(cells: Cells) -> Cells:
    """Each cell as text without blanks around it; an empty one is missing."""
    texts = as_text(cells)
    stripped = texts.str.strip() if texts.notna().any() else texts
    return _objects(stripped.where(stripped != ""))


def as_lists(cells: Cells, *, literal: bool = False, separator: str | None = None, label: bool = False) -> Cells:
    """Each cell as a list of different texts, None where it is missing.

    Args:
        cells: Lists, or texts that hold lists.
        literal: Texts are lists as Python prints them.
        separator: Between the entries of a text.
        label: The lists are ingredient lists; without a separator they are split as labels.
    """
    limit = limit_of(cell for cell in cells if isinstance(cell, str)) if label else None

    def entries(cell: Any) -> list[str] | None:
        if _missing(cell):
            return None
        if label and not separator:
            return _names(cell, literal, limit)
        found = _entries(cell, literal, separator)
        return list(dict.fromkeys(entry for entry in (str(text).strip() for text in found) if entry))

    return _objects(cells.map(entries))


def column_cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """The cells of a column; None in every row where the table lacks it."""
    return frame[column].tolist() if column in frame else [None] * len(frame)


def texts_in(cell: Any) -> list[str]:
    """A cell that holds a text, several texts or nothing, as a list of texts."""
    if isinstance(cell, str):
        return [cell]
    return [str(part) for part in cast("Iterable[object]", cell)] if isinstance(cell, Iterable) else []


def from_arrays(cells: Cells) -> Cells:
    """Lists instead of the arrays that Parquet's reader gives."""
    return _objects(cells.map(lambda cell: None if _missing(cell) else list(cell)))


def _names(cell: Any, literal: bool, limit: int | None) -> list[str]:
    """The names on a label; what holds none stays as it is, for cleaning to report."""
    text = cell.strip() if isinstance(cell, str) else ""
    if text and not (literal and text.endswith("]")):
        return split_label(cell, limit) or [text]
    entries = [str(entry) for entry in _entries(cell, literal, None)]
    return split_label(entries) or [entry for entry in entries if entry.strip()]


def _entries(cell: Any, literal: bool, separator: str | None) -> Iterable[Any]:
    if not isinstance(cell, str):
        return cast("Iterable[Any]", cell)
    if literal:
        return _literal(cell)
    return cell.split(separator) if separator else cell.splitlines()


def _literal(text: str) -> list[Any]:
    """The list that Python would print as ``text``, with or without its brackets; else the text alone."""
    try:
        found = ast.literal_eval(text if text.lstrip().startswith("[") else f"[{text}]")
    except (ValueError, SyntaxError):
        return [text]
    return cast("list[Any]", found)


def _text(cell: Any) -> str | None:
    if _missing(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return str(cell).lower()
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def _missing(cell: Any) -> bool:
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))


def _objects(cells: Cells) -> Cells:
    """``cells`` as Python objects, None where missing."""
    found = cells.astype(object)
    return found.where(found.notna(), _MISSING)
