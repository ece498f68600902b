"""The collector of one workspace, served until it is stopped."""

import os
from pathlib import Path

import uvicorn
from prometheus_client.registry import Collector as MetricsCollector

from feedback.collector import Collector
from feedback.database import database
from feedback.event_log import EventLog
from feedback.impressions import ImpressionStore
from feedback.online_store_updater import OnlineStoreUpdater
from infrastructure.bearer_tokens import TOKENS_FILE, BearerTokens
from infrastructure.workspace import Workspace
from settings.monitoring import CollectorSettings


def serve(workspace: Workspace, settings: CollectorSettings, port: int, other_metrics: MetricsCollector) -> None:
    """Take events, on every address of this machine, until the process is told to stop.

    Args:
        workspace: Of the shop.
        settings: Limits of a request.
        port: Where it listens.
        other_metrics: What ``/metrics`` tells of besides the collector's own.
    """
    tokens = BearerTokens(Path(os.environ[TOKENS_FILE])) if os.environ.get(TOKENS_FILE) else None
    log = database(workspace)
    # In a file of the workspace endpoints write what they show themselves.
    shown = ImpressionStore(log) if log.file is None else None
    collector = Collector(EventLog(log), settings, OnlineStoreUpdater(workspace), tokens, other_metrics, shown)
    uvicorn.run(collector.app(), host="0.0.0.0", port=port, log_level="warning", access_log=False)  # noqa: S104
