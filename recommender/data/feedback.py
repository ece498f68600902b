"""Events from the collector, as more rows of a data set's events table."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.data.parsing.id_keys import id_keys
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables, storable

#: The file in a workspace's feedback folder.
FEEDBACK_FILE: Final = f"{c.EVENTS}.parquet"


def with_feedback(raw: RawTables, feedback: Path) -> RawTables:
    """``raw`` with the events in the folder ``feedback`` added; itself where there are none.

    The events are as untrusted as all raw rows: cleaning checks them with the others. Where the shop has a table of
    customers, customers who are only in the events are added to it, and so are avoided ingredients from events.
    """
    path = feedback / FEEDBACK_FILE
    if not path.is_file():
        return raw
    events = storable(c.EVENTS, pd.read_parquet(path))
    known = raw.tables.get(c.EVENTS)
    together = events if known is None else storable(c.EVENTS, pd.concat([known, events], ignore_index=True))
    note("feedback added", rows=len(events))
    origins = {c.EVENTS: Origin(FEEDBACK_FILE), **raw.origins}
    customers = raw.tables.get(c.CUSTOMERS)
    # A shop without a table of customers must not get one: it would hold the customers of the feedback alone.
    updated = {} if customers is None else {c.CUSTOMERS: _with_avoided(_with_new(customers, events), events)}
    return replace(raw, tables={**raw.tables, **updated, c.EVENTS: together}, origins=origins)


def _with_new(customers: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Customers, and those who are only in the feedback: the app vouches that they exist."""
    named = id_keys(events[c.CUSTOMER_ID]).dropna().drop_duplicates()
    new = named[~named.isin(id_keys(customers[c.CUSTOMER_ID]))]
    return storable(c.CUSTOMERS, pd.concat([customers, new.to_frame()], ignore_index=True)) if len(new) else customers


def _with_avoided(customers: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Customers with what events say they avoid, beside what they avoided before."""
    declared = events[events[c.TYPE] == event_types.AVOID] if c.QUERY in events else events.head(0)
    if declared.empty:
        return customers
    added = declared[c.QUERY].groupby(id_keys(declared[c.CUSTOMER_ID])).agg(list)
    before = customers.get(c.AVOIDED_INGREDIENTS, pd.Series(None, index=customers.index, dtype=object))
    pairs = zip(before, (added.get(customer) for customer in id_keys(customers[c.CUSTOMER_ID])), strict=True)
    cells = [
        old if new is None else list(dict.fromkeys([*(old if isinstance(old, list) else []), *new]))
        for old, new in pairs
    ]
    return customers.assign(**{c.AVOIDED_INGREDIENTS: pd.Series(cells, index=customers.index, dtype=object)})
