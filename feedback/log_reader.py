"""The log of impressions and events, read as frames."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pandas as pd

from feedback.database import Database, database, sqlite
from feedback.event_log import ARRIVAL, FIELDS
from infrastructure.files import replace_folder
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.data.feedback import FEEDBACK_FILE

# Columns of an impression beside request_id and time; its customer is a pseudonym.
CUSTOMER: Final = "customer"
VARIANT: Final = "variant"
MODEL_VERSION: Final = "model_version"
PRODUCTS: Final = "products"
FALLBACK: Final = "fallback"
SECONDS: Final = "seconds"
SCORES: Final = "scores"
KIND: Final = "kind"
K: Final = "k"
BROUGHT: Final = "brought"

_NUMBERS: Final = {c.TIME: "float64", c.VALUE: "float64", ARRIVAL: "int64", SECONDS: "float64"}
_EVENTS: Final = (ARRIVAL, *FIELDS)
_IMPRESSIONS: Final = (c.REQUEST_ID, c.TIME, CUSTOMER, VARIANT, MODEL_VERSION, PRODUCTS, SCORES, FALLBACK)
#: What logs of earlier versions lack.
_LATER: Final = (SECONDS, KIND, K, BROUGHT)


def read_events(log: Database | Path) -> pd.DataFrame:
    """Every event in order of arrival: ``arrival`` and the contract's columns; ``time`` in seconds since 1970."""
    return _read(log, c.EVENTS, _EVENTS, order=ARRIVAL)


def read_impressions(log: Database | Path) -> pd.DataFrame:
    """Every impression, oldest first: one row an answer, ``products`` a list of ids, best first.

    ``scores`` are theirs, as JSON. What an earlier version did not log of an answer is missing: ``seconds``, how long
    its customer waited, and what was asked for (``kind``, ``k`` and ``brought``, as ``serving.impressions.log`` tells).
    """
    impressions = _read(log, "impressions", (*_IMPRESSIONS, *_LATER), order=c.TIME)
    return impressions.assign(**{PRODUCTS: impressions[PRODUCTS].map(json.loads)})


def read_shown(workspace: Workspace) -> pd.DataFrame:
    """Every impression of a shop: in the workspace's file, or where the collector leaves them."""
    log = database(workspace)
    found = [read_impressions(workspace.log), *([read_impressions(log)] if log.file is None else [])]
    # Those of both only where a shop has changed from the one to the other.
    some = [frame for frame in found if len(frame)] or found[:1]
    return pd.concat(some, ignore_index=True).sort_values(c.TIME, kind="stable", ignore_index=True)


def as_table(events: pd.DataFrame) -> pd.DataFrame:
    """Logged events as the data contract's events table: UTC times, no arrival."""
    times = pd.to_datetime((events[c.TIME] * 1e6).round().astype("int64"), unit="us", utc=True)
    return events.drop(columns=ARRIVAL).assign(**{c.TIME: times.astype("datetime64[us, UTC]")})


def export_feedback(events: pd.DataFrame, folder: Path) -> None:
    """Leave the logged events where the next ingest finds them; the folder appears whole or not at all."""
    with replace_folder(folder) as partial:
        as_table(events).to_parquet(partial / FEEDBACK_FILE, index=False)


def _read(log: Database | Path, table: str, columns: Sequence[str], order: str) -> pd.DataFrame:
    """Rows of one table of the log; none where there is no log or no such table yet."""
    log = sqlite(log) if isinstance(log, Path) else log
    if not log.present:
        return _frame([], columns)
    with closing(log.connect()) as connection:
        cursor = connection.cursor()
        if not log.has(cursor, table):
            return _frame([], columns)
        told = ", ".join(_selected(cursor, table, columns))
        cursor.execute(f"SELECT {told} FROM {table} ORDER BY {order}, {columns[0]}")  # noqa: S608 (names of ours)
        return _frame(cursor.fetchall(), columns)


def _selected(cursor: Any, table: str, columns: Sequence[str]) -> list[str]:
    """The columns as they are asked for; nothing stands for those that a log of an earlier version has not."""
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 (a name of ours)
    present = {column[0] for column in cursor.description}
    return [name if name in present else f"NULL AS {name}" for name in columns]


def _frame(rows: list[Any], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    numbers = {name: kind for name, kind in _NUMBERS.items() if name in frame}
    return frame.astype(numbers)
