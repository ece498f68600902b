"""Between tables in memory and relations: the contract's types on both sides."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from recommender.data.backend import Backend, numbered
from recommender.data.contract import CONTRACT, Field, Kind
from recommender.data.tables import Tables

_ARROW: dict[Kind, Any] = {
    Kind.IDENTIFIER: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.NUMBER: pa.float64(),
    Kind.COUNT: pa.int64(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(fields: Iterable[Field]) -> pa.Schema:
    """Columns of the contract as Arrow's types."""
    return pa.schema([(field.name, _ARROW[field.kind]) for field in fields])


def relations(tables: Tables, backend: Backend) -> dict[str, Any]:
    """Clean tables as relations, by name."""
    return {name: backend.given(numbered(_arrow(name, frame))) for name, frame in tables}


def stored(folder: Path, backend: Backend) -> dict[str, Any]:
    """The tables that ``Tables.write`` wrote as relations, by name."""
    files = {name: folder / f"{name}.parquet" for name in CONTRACT}
    return {name: _typed(name, backend.read(file)) for name, file in files.items() if file.is_file()}


def as_frame(rows: pa.Table) -> pd.DataFrame:
    """Rows as pandas: whole numbers that may be missing as Int64, lists as Python lists, missing texts as None."""
    frame = rows.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    lists = [field.name for field in rows.schema if pa.types.is_list(field.type)]
    return frame.assign(**{name: pd.Series(rows[name].to_pylist(), index=frame.index, dtype=object) for name in lists})


def _typed(name: str, rows: ibis.Table) -> ibis.Table:
    """``rows`` with the contract's types: a file tells no type of a column without any value."""
    wanted = ibis.Schema.from_pyarrow(arrow_schema(field for field in CONTRACT[name] if field.name in rows.columns))
    empty = [column for column, kind in wanted.items() if kind.is_array() and not rows[column].type().is_array()]
    return rows.mutate(**{column: ibis.null(wanted[column]) for column in empty}).cast(wanted)


def _arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    fields = [field for field in CONTRACT[name] if field.name in frame]
    return pa.Table.from_pandas(frame, arrow_schema(fields), preserve_index=False)
