"""Cells of unknown type as text and as lists of texts, in one form for every later step."""

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, cast

import pandas as pd

from recommender.data.parsing.cell_texts import UNREADABLE, cell_text, id_text, is_missing
from recommender.data.parsing.ingredient_lists import split_label
from recommender.data.parsing.label_ends import limit_of

Cells: TypeAlias = "pd.Series[Any]"
"""One column of any type."""

# Any: pandas takes None in ``where``, its type stubs do not.
_MISSING: Final[Any] = None
# Not a list of entries, though Python can go through it.
_WHOLE: Final = (str, bytes, bytearray, memoryview, Mapping)
# Types whose values ``str`` writes as we want them.
_PLAIN: Final = ("string", "integer", "datetime64", "datetime", "empty")


def as_text(cells: Cells) -> Cells:
    """Each cell as text, None where it is missing; whole numbers have no decimals, so ids match across files."""
    if pd.api.types.infer_dtype(cells, skipna=True) in _PLAIN:
        return _objects(cells.astype(str).where(cells.notna()))
    return _objects(cells.map(cell_text))


def as_ids(cells: Cells) -> Cells:
    """The same of ids: floats too large to be exact are unreadable."""
    if pd.api.types.infer_dtype(cells, skipna=True) in _PLAIN:
        return as_text(cells)
    return _objects(cells.map(id_text))


def as_stripped_text(cells: Cells) -> Cells:
    """Each cell as text without blanks around it; an empty one is missing."""
    texts = as_text(cells)
    stripped = texts.str.strip() if texts.notna().any() else texts
    return _objects(stripped.where(stripped != ""))


def label_limit(cells: Cells) -> int | None:
    """The characters after which the labels among the cells were cut; None where nothing speaks for that."""
    return limit_of(cell for cell in cells if isinstance(cell, str))


def as_lists(
    cells: Cells,
    *,
    literal: bool = False,
    separator: str | None = None,
    label: bool = False,
    limit_in: Callable[[Cells], int | None] = label_limit,
) -> Cells:
    """Each cell as a list of different texts, None where it is missing.

    A cell that holds something else becomes a list of one unreadable text, and so does a list within its list one of
    the entries.

    Args:
        cells: Lists, or texts that hold lists.
        literal: Texts are lists as Python prints them.
        separator: Between the entries of a text.
        label: The lists are ingredient lists; without a separator they are split as labels.
        limit_in: Says after how many characters the labels were cut.
    """
    limit = limit_in(cells) if label else None

    def entries(cell: Any) -> list[str] | None:
        if is_missing(cell):
            return None
        if label and not separator:
            return _names(cell, literal, limit)
        found = _entries(cell, literal, separator)
        return list(dict.fromkeys(entry for entry in (text.strip() for text in found) if entry))

    return _objects(cells.map(entries))


def as_stored_lists(cells: Cells) -> Cells:
    """A column of lists with one type: all texts, or all lists of texts."""
    there = cells.dropna()
    if there.map(lambda cell: isinstance(cell, str)).all() or there.map(_is_list_of_texts).all():
        return cells
    return as_lists(cells)


def is_unreadable_list(texts: list[str]) -> bool:
    """Whether a list has an entry that cannot be read."""
    return any(UNREADABLE in text for text in texts)


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
    return _objects(cells.map(lambda cell: None if is_missing(cell) else list(cell)))


def _names(cell: Any, literal: bool, limit: int | None) -> list[str]:
    """The names on a label; what holds none stays as it is, for cleaning to report."""
    text = cell.strip() if isinstance(cell, str) else ""
    if UNREADABLE not in text and text and not (literal and text.endswith("]")):
        return split_label(cell, limit) or [text]
    entries = _entries(cell, literal, None)
    if is_unreadable_list(entries):
        return _only_unreadable(entries)
    return split_label(entries) or [entry for entry in entries if entry.strip()]


def _only_unreadable(texts: list[str]) -> list[str]:
    """The text that stands for a cell that cannot be read."""
    return [next(text for text in texts if UNREADABLE in text)]


def _is_list_of_texts(cell: Any) -> bool:
    return isinstance(cell, list) and all(type(entry) is str for entry in cast("list[Any]", cell))


def _entries(cell: Any, literal: bool, separator: str | None) -> list[str]:
    """The entries of a cell as texts, without missing ones."""
    if isinstance(cell, Iterable) and not isinstance(cell, _WHOLE):
        return _texts(cast("Iterable[Any]", cell))
    text = cell_text(cell) or ""
    if UNREADABLE in text:
        return [text]
    if literal:
        return _texts(_literal(text))
    return text.split(separator) if separator else text.splitlines()


def _texts(parts: Iterable[Any]) -> list[str]:
    return [text for text in map(cell_text, parts) if text is not None]


def _literal(text: str) -> list[Any]:
    """The list that Python would print as ``text``, with or without its brackets; else the text alone."""
    try:
        found = ast.literal_eval(text if text.lstrip().startswith("[") else f"[{text}]")
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return [text]
    return cast("list[Any]", found)


def _objects(cells: Cells) -> Cells:
    """``cells`` as Python objects, None where missing."""
    found = cells.astype(object)
    return found.where(found.notna(), _MISSING)
