"""Checks of a clean table beside its columns' types: filled columns, ranges, unique identifiers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ibis

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.fields import KEYS, columns_of
from recommender.data.engines.backend import Backend


@dataclass(frozen=True)
class ColumnCheck:
    """A condition that every value of a column meets.

    Attributes:
        expected: The condition in words.
        broken: Expression, true where a value does not meet it; missing counts as met.
    """

    expected: str
    broken: Callable[[Any], Any]


def _one_of(names: tuple[str, ...]) -> ColumnCheck:
    return ColumnCheck(f"one of: {', '.join(names)}", lambda cells: cells.notin(names))


def _between(low: float, high: float) -> ColumnCheck:
    return ColumnCheck(f"from {low} to {high}", lambda cells: (cells < low) | (cells > high))


def _at_least(low: float) -> ColumnCheck:
    return ColumnCheck(f"at least {low}", lambda cells: cells < low)


_POSITIVE: Final = ColumnCheck("greater than 0", lambda cells: cells <= 0)

# By column, in all tables.
CHECKS: Final[dict[str, ColumnCheck]] = {
    c.SKIN_TYPE: _one_of(c.SKIN_TYPES),
    c.TYPE: _one_of(event_types.EVENT_TYPES),
    c.RATING: _between(1, 5),
    c.RATING_MEAN: _between(1, 5),
    c.PRICE: _POSITIVE,
    c.UNIT_PRICE: _POSITIVE,
    c.QUANTITY: _at_least(1),
    c.STOCK: _at_least(0),
    c.RATING_COUNT: _at_least(0),
    c.LOVES: _at_least(0),
}

_FILLED: Final = ColumnCheck("a value in every row", lambda cells: cells.isnull())


def check_contract(table: str, rows: ibis.Table, backend: Backend) -> None:
    """Check that the rows of a clean table keep the contract.

    Raises:
        DataError: They do not; the error names a column with a wrong value.
    """
    for field in columns_of(table):
        if field.filled and field.name not in rows.columns:
            raise DataError(
                "A table does not keep the data contract: it lacks a column.", where=table, field=field.name
            )
    checks = _checks(table, rows)
    counts = {str(at): check.broken(rows[name]).sum() for at, (name, check) in enumerate(checks)}
    key = KEYS.get(table)
    if key:
        counts[_REPEATED] = rows[key].count() - rows[key].nunique()
    (counted,) = backend.to_arrow(rows.agg(**counts)).to_pylist()
    for at, (name, check) in enumerate(checks):
        if counted[str(at)]:
            first = backend.to_arrow(rows.filter(check.broken(rows[name])).select(name).limit(1))
            raise _broken(table, name, first[name][0].as_py(), check.expected)
    if key and counted[_REPEATED]:
        raise _broken(table, key, f"{counted[_REPEATED]} repeated ones", "each once")


_REPEATED: Final = "repeated"


def _checks(table: str, rows: ibis.Table) -> list[tuple[str, ColumnCheck]]:
    """The checks of a table's columns, by their names."""
    there = [field for field in columns_of(table) if field.name in rows.columns]
    ranges = [(field.name, CHECKS[field.name]) for field in there if field.name in CHECKS]
    return [(field.name, _FILLED) for field in there if field.filled] + ranges


def _broken(table: str, column: str, value: Any, expected: str) -> DataError:
    return DataError(
        "A table does not keep the data contract.", where=table, field=column, value=value, expected=expected
    )
