"""Events from the collector, as more rows of a data set's events table."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.data.declared_avoidances import with_customers, with_declared_avoidances
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables, storable

#: The file in a workspace's feedback folder.
FEEDBACK_FILE: Final = f"{c.EVENTS}.parquet"


def with_feedback(raw: RawTables, feedback: Path) -> RawTables:
    """``raw`` with the events in the folder ``feedback`` added, and with what any event declares to be avoided.

    The events are as untrusted as all raw rows: cleaning checks them with the others. Where the shop has a table of
    customers, customers who are only in the events are added to it.
    """
    path = feedback / FEEDBACK_FILE
    if not path.is_file():
        return with_declared_avoidances(raw)
    events = storable(c.EVENTS, pd.read_parquet(path))
    known = raw.tables.get(c.EVENTS)
    together = events if known is None else storable(c.EVENTS, pd.concat([known, events], ignore_index=True))
    note("feedback added", rows=len(events))
    origins = {c.EVENTS: Origin(FEEDBACK_FILE), **raw.origins}
    customers = raw.tables.get(c.CUSTOMERS)
    # A shop without a table of customers must not get one: it would hold the customers of the feedback alone. Where
    # there is one, the app vouches that its customers exist.
    updated = {} if customers is None else {c.CUSTOMERS: with_customers(customers, id_keys(events[c.CUSTOMER_ID]))}
    return with_declared_avoidances(replace(raw, tables={**raw.tables, **updated, c.EVENTS: together}, origins=origins))
