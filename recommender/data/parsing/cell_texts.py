"""One cell of any type as a text: what it is, never what Python prints for it."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

EXACT: Final = 2**53
"""Up to here floats represent every whole number exactly."""

UNREADABLE: Final = "\ufdd0"
"""Begins the text of a cell that is not what its column holds, such as a list where one value belongs.

Cleaning finds it, whatever the engine, and reports the rest. Unicode keeps this character for use within programs.
"""

_LONGEST_DECIMAL: Final = 40
"""Digits before the point; more would be written out for ever."""


def is_missing(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))


def cell_text(cell: Any) -> str | None:
    """A cell as text, None where it is missing; whole numbers have no decimals, bytes are UTF-8.

    Lists, mappings and bytes that are no text are unreadable (:data:`UNREADABLE`).
    """
    if isinstance(cell, str):
        return str(cell)
    if is_missing(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return str(cell).lower()
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, Decimal):
        return _decimal(cell)
    if isinstance(cell, bytes | bytearray | memoryview):
        return _decoded(bytes(cell))
    return unreadable(cell) if isinstance(cell, Iterable) else str(cell)


def id_text(cell: Any) -> str | None:
    """The same of an id; a float too large to be exact is unreadable, as two ids may have become one."""
    if isinstance(cell, float | np.floating) and not is_missing(cell) and not abs(cell) < EXACT:
        return f"{UNREADABLE}{cell}"
    return cell_text(cell)


def unreadable(cell: Any) -> str:
    """The text of a cell that cannot be read, for people to see what it is."""
    return f"{UNREADABLE}{json.dumps(_plain(cell), ensure_ascii=False, default=_plain)}"


def _decimal(cell: Decimal) -> str:
    if not cell.is_finite() or abs(cell.adjusted()) > _LONGEST_DECIMAL:
        return str(cell)
    return str(int(cell)) if cell == cell.to_integral_value() else f"{cell:f}"


def _decoded(cell: bytes) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return unreadable(cell)


def _plain(cell: Any) -> Any:
    """``cell`` as something that JSON has."""
    if isinstance(cell, Mapping):
        return {str(key): value for key, value in cell.items()}
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).decode(errors="backslashreplace")
    return list(cell) if isinstance(cell, Iterable) and not isinstance(cell, str) else str(cell)
