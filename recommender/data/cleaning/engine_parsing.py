"""Cells that an engine parses by itself: those that every engine and pandas parse alike.

All others are left to ``recommender.data.parsing.pandas_parsing``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ibis

from recommender.contract import columns as c
from recommender.contract.arrow import TYPES
from recommender.contract.fields import Field, Kind
from recommender.contract.identifiers import MAXIMUM_LENGTH
from recommender.data.engines.backend import TIMESTAMP
from recommender.data.parsing.cell_texts import EXACT
from recommender.data.parsing.pandas_parsing import CODES

#: A character that is not ASCII, a blank at an end, or no text. Written without anything that engines escape.
_ODD: Final = "[^ -~]|^ | $|^$"
_WHOLE_WITH_DECIMAL: Final = "^-?[0-9]+[.]0$"
_ENTITY: Final = "&"
_DECIMAL: Final = "^[+-]?[0-9]{1,15}([.][0-9]{1,15})?$"
_INTEGER: Final = "^[+-]?[0-9]{1,15}$"
_MOMENT: Final = (
    "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
)

# Ibis types columns by their content, which is known only when a table is read.
Column = Any


@dataclass(frozen=True)
class EngineParser:
    """How an engine parses cells of one type.

    Attributes:
        parses: Which cells it parses; true or missing for missing cells.
        value: Their values in the type of the contract; for other cells anything, but no error.
    """

    parses: Callable[[Column], Column]
    value: Callable[[Column], Column]


def engine_parser(field: Field, kind: ibis.DataType) -> EngineParser:
    """How an engine parses cells of the type ``kind`` for the column ``field``."""
    if kind.is_null():
        return EngineParser(_all, lambda _: _nothing(field))
    if field.name == c.INGREDIENTS and _lists_of_texts(kind):
        return _OF_LABELS
    for is_kind, parsers in _PARSERS.items():
        if is_kind(kind) and field.kind in parsers:
            return _lower_cased(parsers[field.kind]) if field.name in CODES else parsers[field.kind]
    return EngineParser(lambda cells: cells.isnull(), lambda _: _nothing(field))


def _lower_cased(parser: EngineParser) -> EngineParser:
    return EngineParser(parser.parses, lambda cells: parser.value(cells).lower())


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
    Kind.IDENTIFIER: EngineParser(
        lambda cells: (
            ~cells.re_search(_ODD) & ~cells.re_search(_WHOLE_WITH_DECIMAL) & (cells.length() <= MAXIMUM_LENGTH)
        ),
        _itself,
    ),
    Kind.TEXT: EngineParser(lambda cells: ~cells.re_search(_ODD) & ~cells.contains(_ENTITY), _itself),
    Kind.NUMBER: EngineParser(lambda cells: cells.re_search(_DECIMAL), lambda cells: cells.try_cast("float64")),
    Kind.COUNT: EngineParser(lambda cells: cells.re_search(_INTEGER), lambda cells: cells.try_cast("int64")),
    Kind.TIME: EngineParser(lambda cells: cells.re_search(_MOMENT), lambda cells: cells.try_cast(TIMESTAMP)),
}

_OF_INTEGERS: Final = {
    Kind.IDENTIFIER: EngineParser(_all, _as_text),
    Kind.TEXT: EngineParser(_all, _as_text),
    Kind.NUMBER: EngineParser(_all, lambda cells: cells.cast("float64")),
    Kind.COUNT: EngineParser(_all, lambda cells: _whole(cells.cast("float64"))),
    Kind.TIME: EngineParser(_all, _no_time),
}

_OF_FLOATS: Final = {
    Kind.IDENTIFIER: EngineParser(lambda cells: _whole(cells).notnull(), lambda cells: _as_text(_whole(cells))),
    Kind.TEXT: EngineParser(lambda cells: _whole(cells).notnull(), lambda cells: _as_text(_whole(cells))),
    Kind.NUMBER: EngineParser(_all, lambda cells: _finite(cells.cast("float64"))),
    Kind.COUNT: EngineParser(_all, lambda cells: _whole(cells.cast("float64"))),
    Kind.TIME: EngineParser(_all, _no_time),
}

_OF_TIMES: Final = {Kind.TIME: EngineParser(_all, lambda cells: cells.cast(TIMESTAMP))}

_OF_LISTS: Final = {
    Kind.TEXTS: EngineParser(
        lambda cells: (
            (cells.filter(lambda text: text.re_search(_ODD)).length() == 0)
            & (cells.unique().length() == cells.length())
        ),
        _itself,
    )
}

# Whether the names are a composition, and where one ends, no engine knows.
_OF_LABELS: Final = EngineParser(lambda cells: cells.length() == 0, _itself)


def _lists_of_texts(kind: ibis.DataType) -> bool:
    return kind.is_array() and kind.value_type.is_string()  # type: ignore[attr-defined]


_PARSERS: Final[dict[Callable[[ibis.DataType], bool], dict[Kind, EngineParser]]] = {
    lambda kind: kind.is_string(): _OF_TEXTS,
    lambda kind: kind.is_integer(): _OF_INTEGERS,
    lambda kind: kind.is_floating(): _OF_FLOATS,
    lambda kind: kind.is_timestamp(): _OF_TIMES,
    _lists_of_texts: _OF_LISTS,
}
