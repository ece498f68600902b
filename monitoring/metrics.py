"""Prometheus metrics of the collector, and of what the last round of monitoring found."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily

from monitoring.triggers import TriggerBook
from recommender.files import read_json
from recommender.workspace import Workspace

REGISTRY: Final = CollectorRegistry()
EVENTS: Final = Counter("recommender_events", "Events sent to the collector", ["outcome"], registry=REGISTRY)
ONLINE_FAILURES: Final = Counter(
    "recommender_online_store_failures", "Times that the online store could not be told of events", registry=REGISTRY
)

OUTCOMES: Final = ("promoted", "refused", "failed")


class LastRound:
    """What the files of a workspace say, read whenever Prometheus asks."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every metric; one whose file is not there yet has no value."""
        yield self._kpis()
        yield self._drift()
        share = GaugeMetricFamily("recommender_drift_share", "Share of the compared columns that drifted")
        if found := _json(self._workspace.reports / "drift.json"):
            share.add_metric([], found["share"])
        yield share
        yield self._retrainings()
        yield self._times()

    def _kpis(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_kpi", "Measures of the champion's live answers, with their interval", labels=["kpi", "end"]
        )
        for name, interval in (_json(self._workspace.performance) or {"kpis": {}})["kpis"].items():
            for end, value in interval.items():
                family.add_metric([name, end], value)
        return family

    def _drift(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_drift_score", "Population stability index of a column, over its threshold", labels=["column"]
        )
        for name, column in (_json(self._workspace.reports / "drift.json") or {"columns": {}})["columns"].items():
            family.add_metric([name], column["score"] / column["threshold"])
        return family

    def _retrainings(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("recommender_retrainings", "Retrainings by what came of them", labels=["outcome"])
        outcomes = [record.get("outcome") for record in TriggerBook(self._workspace.triggers).records()]
        for outcome in OUTCOMES:
            family.add_metric([outcome], outcomes.count(outcome))
        return family

    def _times(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_last_timestamp_seconds", "When something last happened, in seconds since 1970", labels=["what"]
        )
        if champion := self._workspace.champion():
            family.add_metric(["promotion"], datetime.fromisoformat(champion["promoted_at"]).timestamp())
        if self._workspace.performance.is_file():
            family.add_metric(["monitoring"], self._workspace.performance.stat().st_mtime)
        return family


def exposition(workspace: Workspace | None) -> bytes:
    """The metrics in Prometheus' text format; without a workspace, those of the collector alone."""
    if workspace is None:
        return generate_latest(REGISTRY)
    found = CollectorRegistry()
    found.register(LastRound(workspace))
    return generate_latest(REGISTRY) + generate_latest(found)


def _json(path: Path) -> Any:
    return read_json(path) if path.is_file() else None
