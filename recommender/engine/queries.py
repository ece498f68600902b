"""The queries that serving would build for the customers of a data set."""

from typing import Any

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.event_types import DISMISS
from recommender.contract.query import Query
from recommender.contract.tables import Tables
from recommender.models.model_data import ordered_interactions, profiles


def queries_from_tables(tables: Tables, customer_ids: list[str], seed: int, k: int) -> list[Query]:
    """One query a customer: history, what was dismissed and the stored profile, in the order of the ids."""
    rows = ordered_interactions(tables, seed)
    rows["seconds"] = rows[c.TIME].astype("int64") // 1_000_000
    rows.loc[rows[c.TIME].isna(), "seconds"] = 0
    products = _lists(rows, c.PRODUCT_ID)
    seconds = _lists(rows, "seconds")
    dismissed = _dismissed(tables)
    known = profiles(tables, customer_ids)
    return [
        Query(
            customer_id=customer_id,
            k=k,
            products=products.get(customer_id, ()),
            times=seconds.get(customer_id, ()),
            dismissed=dismissed.get(customer_id, ()),
            profile=profile,
        )
        for customer_id, profile in zip(customer_ids, known, strict=True)
    ]


def _lists(rows: pd.DataFrame, column: str) -> dict[str, tuple[Any, ...]]:
    """By customer, the values of a column in the rows' order."""
    return {str(key): tuple(values) for key, values in rows.groupby(c.CUSTOMER_ID, sort=False)[column]}


def _dismissed(tables: Tables) -> dict[str, tuple[Any, ...]]:
    if tables.events is None or c.PRODUCT_ID not in tables.events:
        return {}
    return _lists(tables.events[tables.events[c.TYPE] == DISMISS].dropna(subset=[c.PRODUCT_ID]), c.PRODUCT_ID)
