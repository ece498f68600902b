"""The log of impressions and events, read as frames."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pandas as pd

from feedback.database import Database, database, sqlite
from feedback.event_log import ARRIVAL, FIELDS
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.impressions import COLUMN_TYPES, COLUMNS, PRODUCTS, SHOWN

_NUMBERS: Final = {
    **{name: "float64" for name, kind in COLUMN_TYPES.items() if kind is float},
    c.TIME: "float64",
    c.VALUE: "float64",
    ARRIVAL: "int64",
}
_EVENTS: Final = (ARRIVAL, *FIELDS)


def read_events(log: Database | Path) -> pd.DataFrame:
    """Every event in order of arrival: ``arrival`` and the contract's columns; ``time`` in seconds since 1970."""
    return _read(log, c.EVENTS, _EVENTS, order=ARRIVAL)


def read_impressions(log: Database | Path) -> pd.DataFrame:
    """Every impression, oldest first: one row an answer, ``products`` a list of ids, best first.

    ``scores`` are theirs, as JSON. Columns that an earlier version did not log are missing: ``seconds``, how long
    the customer waited, and what was requested (``kind``, ``k`` and ``brought``, as ``Impression`` says).
    """
    impressions = _read(log, SHOWN, COLUMNS, order=c.TIME)
    return impressions.assign(**{PRODUCTS: impressions[PRODUCTS].map(json.loads)})


def read_all_impressions(workspace: Workspace) -> pd.DataFrame:
    """Every impression of a shop, from the workspace's file and from the database where the collector keeps them."""
    log = database(workspace)
    frames = [read_impressions(workspace.log), *([read_impressions(log)] if log.file is None else [])]
    # Both have rows only where a shop has changed from the one to the other.
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True).sort_values(c.TIME, kind="stable", ignore_index=True)


def _read(log: Database | Path, table: str, columns: Sequence[str], order: str) -> pd.DataFrame:
    """Rows of one table of the log; none where there is no log or no such table yet."""
    log = sqlite(log) if isinstance(log, Path) else log
    if not log.is_present:
        return _frame([], columns)
    with closing(log.connect()) as connection:
        cursor = connection.cursor()
        if not log.has_table(cursor, table):
            return _frame([], columns)
        selected = ", ".join(_selected(cursor, table, columns))
        cursor.execute(f"SELECT {selected} FROM {table} ORDER BY {order}, {columns[0]}")  # noqa: S608 (names of ours)
        return _frame(cursor.fetchall(), columns)


def _selected(cursor: Any, table: str, columns: Sequence[str]) -> list[str]:
    """The select list of these columns; NULL stands for those that a log of an earlier version lacks."""
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 (a name of ours)
    present = {column[0] for column in cursor.description}
    return [name if name in present else f"NULL AS {name}" for name in columns]


def _frame(rows: list[Any], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    numbers = {name: kind for name, kind in _NUMBERS.items() if name in frame}
    return frame.astype(numbers)
