"""The contract's types in Arrow, which files and engines share, and in pandas."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from recommender.contract.fields import Kind, fields_of, indicators

TYPES: Final[dict[Kind, Any]] = {
    Kind.IDENTIFIER: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.NUMBER: pa.float64(),
    Kind.COUNT: pa.int64(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(table: str, columns: Iterable[str]) -> pa.Schema:
    """Columns of a clean table as Arrow's types."""
    types = _types(table)
    return pa.schema([(name, types[name]) for name in columns])


def clean_columns(table: str, present: Iterable[str]) -> list[str]:
    """The columns among ``present`` that a clean table has, in the contract's order."""
    there = set(present)
    return [name for name in _types(table) if name in there]


def _types(table: str) -> dict[str, Any]:
    types = {name: TYPES[field.kind] for name, field in fields_of(table).items()}
    return types | dict.fromkeys(indicators(table), pa.bool_())


def as_arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Rows of a clean table as Arrow."""
    schema = arrow_schema(table, clean_columns(table, frame.columns))
    return pa.Table.from_pandas(frame, schema, preserve_index=False)


def as_frame(rows: pa.Table) -> pd.DataFrame:
    """Rows as pandas: whole numbers that may be missing as Int64, lists as Python lists, missing texts as None."""
    frame = rows.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    lists = [field.name for field in rows.schema if pa.types.is_list(field.type)]
    return frame.assign(**{name: pd.Series(rows[name].to_pylist(), index=frame.index, dtype=object) for name in lists})
