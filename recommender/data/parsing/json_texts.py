"""Objects and lists in cells: as JSON or Python print them, as Parquet and databases give them; and paths into them."""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import numpy as np

from recommender.data.parsing.cell_texts import UNREADABLE, cell_text, is_missing, unreadable

SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""Where a character may be half a pair, which no file can hold."""

_MARK: Final = re.compile(rf"\\u(?i:{ord(UNREADABLE):04x})")
"""The mark of what is unreadable as an escape; in plain text it is found as it is."""

_PAIR: Final = 2


def structure(cell: Any) -> Any:
    """What stands in a cell: None, an object as a mapping, a list, or a value that is neither.

    A text that is neither JSON nor what Python prints is unreadable (:data:`UNREADABLE`), as a text.
    """
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if isinstance(cell, tuple):
        cell = list(cast("tuple[Any, ...]", cell))
    if isinstance(cell, list):
        return _mapping(cast("list[Any]", cell))
    if isinstance(cell, Mapping) or is_missing(cell):
        return None if is_missing(cell) else cell
    return _parsed(cell) if isinstance(cell, str | bytes) else cell


def reach(value: Any, path: Sequence[str]) -> Any:
    """What stands at ``path`` in a structure, None where nothing does.

    A number counts entries of a list from 0; any other part of the path is taken of each entry, which gives a list.
    What cannot have the next part, such as a number, is unreadable.
    """
    for place, part in enumerate(path):
        value = structure(value)
        if isinstance(value, list) and not part.isdecimal():
            entries = [reach(entry, path[place:]) for entry in cast("list[Any]", value)]
            return entries if any(entry is not None for entry in entries) else None
        value = _next(value, part)
    return value


def _next(value: Any, part: str) -> Any:
    if value is None or is_unreadable(value):
        return value
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        return entries[int(part)] if int(part) < len(entries) else None
    return cast("Mapping[str, Any]", value).get(part) if isinstance(value, Mapping) else f"{UNREADABLE}{value}"


def is_unreadable(value: Any) -> bool:
    """Whether a value is the text of something that cannot be read."""
    return isinstance(value, str) and UNREADABLE in value


def _mapping(entries: list[Any]) -> Any:
    """A list, or the mapping that Parquet gives as a list of pairs."""
    if entries and all(isinstance(entry, tuple) and len(cast("Any", entry)) == _PAIR for entry in entries):
        return dict(cast("list[tuple[Any, Any]]", entries))
    return entries


def _parsed(cell: str | bytes) -> Any:
    text = (cell_text(cell) or "").strip()
    if not text or UNREADABLE in text:
        return text or None
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        value = _literal(text)
    refused = _MARK.search(text) or (SURROGATE.search(text) and not _is_writable(value))
    return f"{UNREADABLE}{text}" if refused else value


def _literal(text: str) -> Any:
    """An object or list as Python prints it."""
    try:
        value = ast.literal_eval(text) if text[0] in "[{(" else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        value = None
    return value if isinstance(value, dict | list) else f"{UNREADABLE}{text}"


def _is_writable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, default=unreadable).encode()
    except ValueError:
        return False
    return True
