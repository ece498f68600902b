"""Warns of columns that tell nothing apart."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.fields import Kind, fields_of
from recommender.contract.tables import Tables
from recommender.reports import wording

_LONGEST: Final = 40

_OFTEN_CONSTANT: Final = (c.TYPE, c.QUANTITY, c.POSITION)
"""Columns of which one value is usual: a table may hold events of one type, and single pieces."""


def one_value(tables: Tables, least: int) -> Iterator[str]:
    """A warning for each column with the same value in all of its filled cells, where these are ``least`` or more."""
    for name, rows in tables:
        for column in (field for field in fields_of(name) if field in rows and field not in _OFTEN_CONSTANT):
            known = rows[column].dropna()
            if len(known) >= least and _is_constant(known):
                rows_with, value = wording.count(len(known)), _shown(name, column, known.iloc[0])
                yield f"{name}.{column} holds the same value in all {rows_with} rows that have one{value}."


def _shown(table: str, column: str, value: Any) -> str:
    """The value; no id, which may be a customer's."""
    is_id = fields_of(table)[column].kind is Kind.IDENTIFIER
    return "" if is_id else f": {wording.shortened(str(value), _LONGEST)}"


def _is_constant(known: "pd.Series[Any]") -> bool:
    return bool((known.map(_comparable) == _comparable(known.iloc[0])).all())


def _comparable(cell: Any) -> Any:
    return tuple(cell) if isinstance(cell, list) else cell
