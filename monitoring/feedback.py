"""What customers did, handed to the next training."""

from monitoring.database import database
from monitoring.logs import export_feedback, read_events
from recommender.workspace import Workspace


def take_in(workspace: Workspace) -> None:
    """Leave the log's events where the ingest finds them; without any, what was left before stays."""
    events = read_events(database(workspace))
    if len(events):
        export_feedback(events, workspace.feedback)
