"""Files that hold one JSON value: a list of objects, or an object in which such a list is."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.frames import frames_of
from recommender.data.sources.reading.text_files import opened, require_columns

_DEEPEST: Final = 3
"""Objects within objects that are looked through for the list."""

_Lists = dict[str, list[dict[str, Any]]]


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, in which no key stands twice.

    Raises:
        ValueError: One does.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def has_lines(path: Path, encoding: str) -> bool:
    """Whether the first of several lines is an object of its own, whatever the file's name says."""
    with opened(path, encoding) as lines:
        first = next((line for line in lines if line.strip()), "")
        more = next((line for line in lines if line.strip()), None)
    try:
        return more is not None and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def document_frames(path: Path, columns: Sequence[str], how: TableSource) -> Iterator[pd.DataFrame]:
    """The ``columns`` of the objects in a file, None where an object lacks a key.

    Raises:
        DataError: It is no JSON, or holds no list of objects, or several; or no object has a column.
    """
    with opened(path, how.encoding) as text:
        rows = _only_list(path, _parsed(path, text.read()))
    if rows:
        require_columns(str(path), columns, list(dict.fromkeys(key for row in rows for key in row)))
    yield from frames_of(([row.get(name) for name in columns] for row in rows), columns)


def _parsed(path: Path, text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=each_once)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"The file is no JSON: {' '.join(str(error).split())}",
            where=str(path),
            expected="a list of objects, in which no key stands twice and no character is half a pair; objects that "
            "stand one a line are a .jsonl file",
        ) from None
    return value


def _only_list(path: Path, value: Any) -> list[dict[str, Any]]:
    found = _lists(value, "", _DEEPEST)
    if len(found) == 1:
        return next(iter(found.values()))
    raise DataError(
        "The file holds no list of objects." if not found else "The file holds several lists of objects.",
        where=str(path),
        value=", ".join(found) or None,
        expected="a list of objects, or an object with one such list",
    )


def _lists(value: Any, name: str, deepest: int) -> _Lists:
    """The lists of objects in a value by the keys that lead to them, those of the least depth alone."""
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        return {name: entries} if all(isinstance(entry, dict) for entry in entries) else {}
    if not isinstance(value, dict) or not deepest:
        return {}
    inner = cast("dict[str, Any]", value)
    near: _Lists = {}
    for key, part in inner.items():
        if isinstance(part, list):
            near |= _lists(part, f"{name}.{key}".lstrip("."), deepest)
    filled = {key: rows for key, rows in near.items() if rows} or near
    if filled:
        return filled
    return {
        place: rows
        for key, part in inner.items()
        for place, rows in _lists(part, f"{name}.{key}".lstrip("."), deepest - 1).items()
    }
