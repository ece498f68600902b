"""Events that customers sent back, as more rows of a data set's events table."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from recommender import columns as c
from recommender.data.raw import Origin, RawTables, storable
from recommender.progress import note

#: The file in a workspace's feedback folder.
FEEDBACK_FILE: Final = f"{c.EVENTS}.parquet"


def with_feedback(raw: RawTables, feedback: Path) -> RawTables:
    """``raw`` with the events in the folder ``feedback`` added; itself where there are none.

    The events stay as untrusted as all raw rows: cleaning judges them with the others.
    """
    path = feedback / FEEDBACK_FILE
    if not path.is_file():
        return raw
    events = storable(c.EVENTS, pd.read_parquet(path))
    known = raw.tables.get(c.EVENTS)
    together = events if known is None else storable(c.EVENTS, pd.concat([known, events], ignore_index=True))
    note("feedback added", rows=len(events))
    origins = {c.EVENTS: Origin(FEEDBACK_FILE), **raw.origins}
    return replace(raw, tables={**raw.tables, c.EVENTS: together}, origins=origins)
