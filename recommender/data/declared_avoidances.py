"""What customers declare to avoid by an event stands in the customers table, as every later step reads it there."""

from dataclasses import replace
from typing import Any

import pandas as pd

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.fields import BEHAVIOUR, fields_of
from recommender.data.parsing.cells import Cells, as_lists
from recommender.data.parsing.pandas_parsing import id_keys, parse_cells
from recommender.data.raw_tables import RawTables, storable


def with_declared_avoidances(raw: RawTables) -> RawTables:
    """``raw`` with the avoidances of its events beside those of its customers; itself where there are none.

    Who declares something is a customer, also one whom the table of customers lacks. A shop without that table gets one
    of everybody who did anything: one of some would make the others unknown customers.
    """
    declared = _declared(raw.tables.get(c.EVENTS))
    if declared.empty:
        return raw
    customers = raw.tables.get(c.CUSTOMERS)
    everyone = _everyone(raw) if customers is None else with_customers(customers, declared.index.to_series())
    return replace(raw, tables={**raw.tables, c.CUSTOMERS: _with_avoided(everyone, declared)})


def with_customers(customers: pd.DataFrame, ids: Cells) -> pd.DataFrame:
    """``customers``, and a row for each of these ids (:func:`id_keys`) that has none; a missing id has no row."""
    named = ids.dropna().drop_duplicates()
    new = named[~named.isin(id_keys(customers[c.CUSTOMER_ID]))]
    added = pd.DataFrame({c.CUSTOMER_ID: new.to_numpy()}, dtype=object)
    return storable(c.CUSTOMERS, pd.concat([customers, added], ignore_index=True)) if len(new) else customers


def _declared(events: pd.DataFrame | None) -> "pd.Series[Any]":
    """By customer, the words of their events."""
    if events is None or not {c.CUSTOMER_ID, c.TYPE, c.QUERY} <= {*events}:
        return pd.Series(dtype=object)
    rows = events[parse_cells(fields_of(c.EVENTS)[c.TYPE], events[c.TYPE]) == event_types.AVOID]
    words = parse_cells(fields_of(c.EVENTS)[c.QUERY], rows[c.QUERY]).dropna()
    return words.groupby(id_keys(rows.loc[words.index, c.CUSTOMER_ID])).agg(list)


def _everyone(raw: RawTables) -> pd.DataFrame:
    found = pd.concat([id_keys(raw.tables[name][c.CUSTOMER_ID]) for name in BEHAVIOUR if name in raw.tables])
    return pd.DataFrame({c.CUSTOMER_ID: found.dropna().drop_duplicates().to_numpy()})


def _with_avoided(customers: pd.DataFrame, declared: "pd.Series[Any]") -> pd.DataFrame:
    known = customers.get(c.AVOIDED_INGREDIENTS, pd.Series(None, index=customers.index, dtype=object))
    before = _lists(as_lists(known))
    added = _lists(id_keys(customers[c.CUSTOMER_ID]).map(declared.to_dict()))
    cells = [
        old if new is None else list(dict.fromkeys([*(old or []), *new]))
        for old, new in zip(before, added, strict=True)
    ]
    return customers.assign(**{c.AVOIDED_INGREDIENTS: pd.Series(cells, index=customers.index, dtype=object)})


def _lists(cells: Cells) -> list[list[str] | None]:
    return [cell if isinstance(cell, list) else None for cell in cells]
