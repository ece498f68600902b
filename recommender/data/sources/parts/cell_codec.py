"""Cells of any type as texts and back, each as the type it was: what keeps them in a file without code in it."""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

_JSON: Final = "j"
"""Mark of a cell that JSON can hold: a text, number or truth, nothing, and lists and objects of these."""


class UnkeptCellError(Exception):
    """A cell is of a type that would come back as another."""


def encoded(cell: Any) -> str:
    """A cell as text, its type first.

    Raises:
        UnkeptCellError: Its type is none of those that are kept.
    """
    mark, write = _WRITE.get(type(cell), (_JSON, _as_json))
    return f"{mark}{write(cell)}"


def decoded(text: str) -> Any:
    """The cell of which :func:`encoded` made a text."""
    return _READ[text[0]](text[1:])


def _as_iso(cell: datetime | time) -> str:
    """A zone comes back as its offset, which is all that a cell's text says of it."""
    if cell.fold:  # ISO 8601 cannot say that it is the second of an hour that came twice.
        raise UnkeptCellError(type(cell).__name__)
    return cell.isoformat()


def _as_json(cell: Any) -> str:
    try:
        text = json.dumps(cell)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnkeptCellError(type(cell).__name__) from error
    # A tuple would come back as a list, a number as the key of an object as a text, a number of numpy's as Python's.
    if not _is_plain(cell):
        raise UnkeptCellError(type(cell).__name__)
    return text


def _is_plain(cell: Any) -> bool:
    if type(cell) is list:
        return all(map(_is_plain, cell))
    if type(cell) is dict:
        return all(type(key) is str and _is_plain(value) for key, value in cell.items())
    return cell is None or type(cell) in (str, int, float, bool)


_WRITE: Final[dict[type, tuple[str, Callable[[Any], str]]]] = {
    Decimal: ("d", str),
    datetime: ("t", _as_iso),
    date: ("a", date.isoformat),
    time: ("c", _as_iso),
    UUID: ("u", str),
    bytes: ("b", bytes.hex),
}
_READ: Final[dict[str, Callable[[str], Any]]] = {
    _JSON: json.loads,
    "d": Decimal,
    "t": datetime.fromisoformat,
    "a": date.fromisoformat,
    "c": time.fromisoformat,
    "u": UUID,
    "b": bytes.fromhex,
}
