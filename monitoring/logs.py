"""The log of impressions and events, read as frames."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pandas as pd

from monitoring.store import ARRIVAL, FIELDS
from recommender import columns as c
from recommender.data.feedback import FEEDBACK_FILE
from recommender.files import whole_folder

# Columns of an impression beside request_id and time; its customer is a pseudonym.
CUSTOMER: Final = "customer"
VARIANT: Final = "variant"
MODEL_VERSION: Final = "model_version"
PRODUCTS: Final = "products"
FALLBACK: Final = "fallback"

_EVENTS: Final = (ARRIVAL, *FIELDS)
_IMPRESSIONS: Final = (c.REQUEST_ID, c.TIME, CUSTOMER, VARIANT, MODEL_VERSION, PRODUCTS, FALLBACK)


def read_events(log: Path) -> pd.DataFrame:
    """Every event in order of arrival: ``arrival`` and the contract's columns; ``time`` in seconds since 1970."""
    return _read(log, c.EVENTS, _EVENTS, order=ARRIVAL)


def read_impressions(log: Path) -> pd.DataFrame:
    """Every impression, oldest first: one row a request, ``products`` a list of ids, best first."""
    impressions = _read(log, "impressions", _IMPRESSIONS, order=c.TIME)
    return impressions.assign(**{PRODUCTS: impressions[PRODUCTS].map(json.loads)})


def as_table(events: pd.DataFrame) -> pd.DataFrame:
    """Logged events as the data contract's events table: UTC times, no arrival."""
    times = pd.to_datetime((events[c.TIME] * 1e6).round().astype("int64"), unit="us", utc=True)
    return events.drop(columns=ARRIVAL).assign(**{c.TIME: times.astype("datetime64[us, UTC]")})


def export_feedback(events: pd.DataFrame, folder: Path) -> None:
    """Leave the logged events where the next ingest finds them; the folder appears whole or not at all."""
    with whole_folder(folder) as partial:
        as_table(events).to_parquet(partial / FEEDBACK_FILE, index=False)


def _read(log: Path, table: str, columns: Sequence[str], order: str) -> pd.DataFrame:
    """Rows of one table of the log; none where there is no log or no such table yet."""
    if not log.is_file():
        return _empty(columns)
    with closing(sqlite3.connect(log, timeout=30)) as connection:
        if not _has(connection, table):
            return _empty(columns)
        statement = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}, rowid"  # noqa: S608 (names of ours)
        return pd.read_sql_query(statement, connection)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found: Any = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="float64" if column == c.TIME else "object") for column in columns})
