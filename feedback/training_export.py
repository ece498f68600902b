"""Logged events, exported for the next training."""

from pathlib import Path

import pandas as pd

from feedback.database import database
from feedback.event_log import ARRIVAL, EventLog
from feedback.log_reader import read_events
from infrastructure.files import replace_folder
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.data.feedback import FEEDBACK_FILE


def export_log_events(workspace: Workspace) -> int:
    """Write the log's events where the next ingest reads them; an empty log leaves an earlier export in place.

    Returns:
        The arrival number of the last exported event; 0 where there is none.
    """
    events = read_events(database(workspace))
    if events.empty:
        return 0
    write_feedback(events, workspace.feedback)
    return int(events[ARRIVAL].max())


def requeue_events_since(workspace: Workspace, arrival: int) -> None:
    """Deliver to the online store once more what arrived after a run's export (:func:`export_log_events`)."""
    log = database(workspace)
    if not log.is_present:
        return
    events = EventLog(log)
    try:
        events.requeue(since=arrival)
    finally:
        events.close()


def contract_events(events: pd.DataFrame) -> pd.DataFrame:
    """Logged events as the data contract's events table: UTC times, no arrival."""
    times = pd.to_datetime((events[c.TIME] * 1e6).round().astype("int64"), unit="us", utc=True)
    return events.drop(columns=ARRIVAL).assign(**{c.TIME: times.astype("datetime64[us, UTC]")})


def write_feedback(events: pd.DataFrame, folder: Path) -> None:
    """Write the logged events where the next ingest reads them; the folder appears whole or not at all."""
    with replace_folder(folder) as partial:
        contract_events(events).to_parquet(partial / FEEDBACK_FILE, index=False)
