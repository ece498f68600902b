"""Cells that an engine reads by itself, and how: those of which every engine and pandas make the same.

All others are left to ``recommender.data.parsing.conversion``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ibis

from recommender.contract.arrow import TYPES
from recommender.contract.fields import Field, Kind
from recommender.data.engines.backend import TIMESTAMP
from recommender.data.parsing.conversion import CODES, EXACT

#: A sign that is not ASCII, or a blank at an end, or nothing at all. Written without anything that engines escape.
_ODD: Final = "[^ -~]|^ | $|^$"
_WHOLE_WITH_DECIMAL: Final = "^[0-9]+[.]0$"
_ENTITY: Final = "&"
_DECIMAL: Final = "^[+-]?[0-9]{1,15}([.][0-9]{1,15})?$"
_INTEGER: Final = "^[+-]?[0-9]{1,15}$"
_MOMENT: Final = (
    "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
)

# Ibis types columns by what they hold, which is known only when a table is read.
Column = Any


@dataclass(frozen=True)
class Plain:
    """What an engine reads of a column.

    Attributes:
        holds: Which cells it reads; where a cell is missing it says so or is missing.
        value: What it makes of them, in the type of the contract; anything of the others, but no error.
    """

    holds: Callable[[Column], Column]
    value: Callable[[Column], Column]


def plain(field: Field, kind: ibis.DataType) -> Plain:
    """What an engine reads of cells of the type ``kind`` as what ``field`` should hold."""
    if kind.is_null():
        return Plain(_all, lambda _: _nothing(field))
    for is_one, readings in _READINGS.items():
        if is_one(kind) and field.kind in readings:
            return _in_lower_case(readings[field.kind]) if field.name in CODES else readings[field.kind]
    return Plain(lambda cells: cells.isnull(), lambda _: _nothing(field))


def _in_lower_case(reading: Plain) -> Plain:
    return Plain(reading.holds, lambda cells: reading.value(cells).lower())


def _nothing(field: Field) -> Column:
    return ibis.null(ibis.DataType.from_pyarrow(TYPES[field.kind]))


def _all(_: Column) -> Column:
    return ibis.literal(value=True)


def _itself(cells: Column) -> Column:
    return cells


def _no_time(_: Column) -> Column:
    """A bare number: its unit is not known."""
    return ibis.null(TIMESTAMP)


def _finite(cells: Column) -> Column:
    return ibis.ifelse(cells.abs() < float("inf"), cells, ibis.null("float64"))


def _whole(cells: Column) -> Column:
    exact = (cells.abs() < EXACT) & (cells == cells.floor())
    return ibis.ifelse(exact, cells, ibis.null()).cast("int64")


def _as_text(cells: Column) -> Column:
    return cells.cast("string")


_OF_TEXTS: Final = {
    Kind.IDENTIFIER: Plain(lambda cells: ~cells.re_search(_ODD) & ~cells.re_search(_WHOLE_WITH_DECIMAL), _itself),
    Kind.TEXT: Plain(lambda cells: ~cells.re_search(_ODD) & ~cells.contains(_ENTITY), _itself),
    Kind.NUMBER: Plain(lambda cells: cells.re_search(_DECIMAL), lambda cells: cells.try_cast("float64")),
    Kind.COUNT: Plain(lambda cells: cells.re_search(_INTEGER), lambda cells: cells.try_cast("int64")),
    Kind.TIME: Plain(lambda cells: cells.re_search(_MOMENT), lambda cells: cells.try_cast(TIMESTAMP)),
}

_OF_INTEGERS: Final = {
    Kind.IDENTIFIER: Plain(_all, _as_text),
    Kind.TEXT: Plain(_all, _as_text),
    Kind.NUMBER: Plain(_all, lambda cells: cells.cast("float64")),
    Kind.COUNT: Plain(_all, lambda cells: _whole(cells.cast("float64"))),
    Kind.TIME: Plain(_all, _no_time),
}

_OF_FLOATS: Final = {
    Kind.IDENTIFIER: Plain(lambda cells: _whole(cells).notnull(), lambda cells: _as_text(_whole(cells))),
    Kind.TEXT: Plain(lambda cells: _whole(cells).notnull(), lambda cells: _as_text(_whole(cells))),
    Kind.NUMBER: Plain(_all, lambda cells: _finite(cells.cast("float64"))),
    Kind.COUNT: Plain(_all, lambda cells: _whole(cells.cast("float64"))),
    Kind.TIME: Plain(_all, _no_time),
}

_OF_TIMES: Final = {Kind.TIME: Plain(_all, lambda cells: cells.cast(TIMESTAMP))}

_OF_LISTS: Final = {
    Kind.TEXTS: Plain(
        lambda cells: (
            (cells.filter(lambda text: text.re_search(_ODD)).length() == 0)
            & (cells.unique().length() == cells.length())
        ),
        _itself,
    )
}


def _lists_of_texts(kind: ibis.DataType) -> bool:
    return kind.is_array() and kind.value_type.is_string()  # type: ignore[attr-defined]


_READINGS: Final[dict[Callable[[ibis.DataType], bool], dict[Kind, Plain]]] = {
    lambda kind: kind.is_string(): _OF_TEXTS,
    lambda kind: kind.is_integer(): _OF_INTEGERS,
    lambda kind: kind.is_floating(): _OF_FLOATS,
    lambda kind: kind.is_timestamp(): _OF_TIMES,
    _lists_of_texts: _OF_LISTS,
}
