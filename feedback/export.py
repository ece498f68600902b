"""What customers did, handed to the next training."""

from feedback.database import database
from feedback.event_log import ARRIVAL, EventLog
from feedback.log_reader import export_feedback, read_events
from infrastructure.workspace import Workspace


def take_in(workspace: Workspace) -> int:
    """Leave the log's events where the ingest finds them; without any, what was left before stays.

    Returns:
        The arrival number of the last event that was read; 0 where there is none.
    """
    events = read_events(database(workspace))
    if events.empty:
        return 0
    export_feedback(events, workspace.feedback)
    return int(events[ARRIVAL].max())


def tell_again(workspace: Workspace, taken_in: int) -> None:
    """Have the online store told once more of what came in after a run took in its events: the run knew nothing of it.

    Args:
        workspace: Of the shop.
        taken_in: What :func:`take_in` returned to the run.
    """
    log = database(workspace)
    if not log.present:
        return
    events = EventLog(log)
    try:
        events.show_again(since=taken_in)
    finally:
        events.close()
