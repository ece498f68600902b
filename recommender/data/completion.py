"""What preparation fills in, so that later steps need not ask: derived ids, positions and defaults."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from recommender import columns as c
from recommender.data.cells import Cells
from recommender.data.contract import CONTRACT, DTYPES, Field


def complete(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A cleaned table with every column that is always filled, in the contract's order.

    Args:
        table: Name of the table.
        frame: Its clean rows, by row number in the source; the answer counts from 0.
    """
    columns = {field.name: _filled(field, frame) for field in CONTRACT[table] if field.filled or field.name in frame}
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _filled(field: Field, frame: pd.DataFrame) -> Cells:
    cells = frame[field.name] if field.name in frame else _nothing(frame)
    default = _DEFAULTS.get(field.name)
    if default is None or not cells.isna().any():
        return cells
    return cells.where(cells.notna(), default(frame)).astype(DTYPES[field.kind])


def _nothing(frame: pd.DataFrame) -> Cells:
    return pd.Series(None, index=frame.index, dtype=object)


def _row_number(frame: pd.DataFrame) -> Cells:
    """An id made from the row's number in the source, so that the same source gives the same ids."""
    return pd.Series("row-" + frame.index.astype(str), index=frame.index, dtype=object)


def _source_order(frame: pd.DataFrame) -> Cells:
    """Order within a customer's equal times: as the rows stand in the source."""
    keys = [c.CUSTOMER_ID, c.TIME] if c.TIME in frame else [c.CUSTOMER_ID]
    return frame.groupby(keys, dropna=False).cumcount()


_DEFAULTS: Final[dict[str, Callable[[pd.DataFrame], Any]]] = {
    c.TRANSACTION_ID: _row_number,
    c.EVENT_ID: _row_number,
    c.QUANTITY: lambda _: 1,
    c.POSITION: _source_order,
    c.NAME: lambda frame: frame[c.PRODUCT_ID],
}
