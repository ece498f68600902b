"""What a clean table promises, as pandera schemas: columns, types, ranges, unique identifiers."""

from functools import cache
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from recommender import columns as c
from recommender.data.contract import CONTRACT, DTYPES, KEYS, Field
from recommender.data.tables import Tables
from recommender.errors import DataError

# What every clean value of a column obeys, in whichever table it stands.
CHECKS: Final[dict[str, pa.Check]] = {
    c.SKIN_TYPE: pa.Check.isin(c.SKIN_TYPES),
    c.TYPE: pa.Check.isin(c.EVENT_TYPES),
    c.RATING: pa.Check.in_range(1, 5),
    c.RATING_MEAN: pa.Check.in_range(1, 5),
    c.PRICE: pa.Check.gt(0),
    c.UNIT_PRICE: pa.Check.gt(0),
    c.QUANTITY: pa.Check.ge(1),
    c.STOCK: pa.Check.ge(0),
    c.RATING_COUNT: pa.Check.ge(0),
    c.LOVES: pa.Check.ge(0),
}


def check(tables: Tables) -> None:
    """See that clean tables keep the contract: columns, types, ranges, unique identifiers.

    Raises:
        DataError: They do not; the error names the first table, column and value that fail.
    """
    for name, frame in tables:
        try:
            schema(name).validate(frame, lazy=True)
        except SchemaErrors as error:
            raise _broken(name, error.failure_cases.iloc[0]) from error


@cache
def schema(table: str) -> pa.DataFrameSchema:
    """What a clean table is, as a pandera schema."""
    return pa.DataFrameSchema({field.name: _column(table, field) for field in CONTRACT[table]}, strict=True, name=table)


def _column(table: str, field: Field) -> pa.Column:
    return pa.Column(
        DTYPES[field.kind],
        checks=CHECKS.get(field.name),
        nullable=not field.filled,
        required=field.filled,
        unique=KEYS.get(table) == field.name,
    )


def _broken(table: str, failure: "pd.Series[Any]") -> DataError:
    return DataError(
        "A table does not keep the data contract.",
        where=table,
        field=str(failure["column"]),
        value=failure["failure_case"],
        expected=str(failure["check"]),
    )
