"""Columns that every clean table has, added where the source lacks them: ids, positions and defaults."""

from collections.abc import Callable
from typing import Any, Final

import ibis

from recommender.contract import columns as c
from recommender.contract.fields import Field, columns_of, indicators
from recommender.data.engines.backend import ROW, Backend


def complete(table: str, rows: ibis.Table, backend: Backend) -> ibis.Table:
    """A cleaned table with every column that must be filled, in the contract's order; rows in the source's order."""
    fields = [field for field in columns_of(table) if field.filled or field.name in rows.columns]
    marks = {name: rows[name] for name in indicators(table) if name in rows.columns}
    values = {field.name: _values(field, rows, backend) for field in fields}
    filled = rows.select(**{ROW: rows[ROW]}, **values, **marks)
    return filled.order_by(ROW).drop(ROW)


def _values(field: Field, rows: ibis.Table, backend: Backend) -> Any:
    default = _DEFAULTS.get(field.name)
    if default is None:
        return rows[field.name]
    if field.name not in rows.columns:
        return default(rows)
    # Sorting all rows costs more than checking whether it is needed.
    needed = default is not _source_order or _has_gaps(rows, field.name, backend)
    return ibis.coalesce(rows[field.name], default(rows)) if needed else rows[field.name]


def _has_gaps(rows: ibis.Table, column: str, backend: Backend) -> bool:
    return backend.to_arrow(rows.agg(gaps=rows[column].isnull().any()))["gaps"][0].as_py()


def _row_number(rows: ibis.Table) -> Any:
    """An id made from the row's number in the source, so that the same source gives the same ids."""
    return ibis.literal("row-") + rows[ROW].cast("string")


def _source_order(rows: ibis.Table) -> Any:
    """Order within a customer's equal times: the order of the rows in the source."""
    keys = [name for name in (c.CUSTOMER_ID, c.TIME) if name in rows.columns]
    return ibis.row_number().over(group_by=keys, order_by=ROW).cast("int64")


_DEFAULTS: Final[dict[str, Callable[[ibis.Table], Any]]] = {
    c.TRANSACTION_ID: _row_number,
    c.EVENT_ID: _row_number,
    c.QUANTITY: lambda _: ibis.literal(1, "int64"),
    c.POSITION: _source_order,
    c.NAME: lambda rows: rows[c.PRODUCT_ID],
}
