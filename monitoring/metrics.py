"""Prometheus metrics of the last round of monitoring."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from prometheus_client.core import GaugeMetricFamily

from infrastructure.files import read_json_if_present
from infrastructure.workspace import Workspace
from monitoring.decision_log import DecisionLog, RetrainOutcome


class MonitoringMetrics:
    """A Prometheus collector that reads a workspace's files at every scrape."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every metric; one whose file is not there yet has no value."""
        yield self._kpis()
        yield self._drift()
        yield self._drift_shares()
        yield self._retrainings()
        yield self._times()

    def _kpis(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_kpi", "Measures of the champion's live answers, with their interval", labels=["kpi", "end"]
        )
        for name, interval in (read_json_if_present(self._workspace.performance) or {"kpis": {}})["kpis"].items():
            for end, value in interval.items():
                family.add_metric([name, end], value)
        return family

    def _drift(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_drift_score",
            "Population stability index of a column, over its threshold",
            labels=["of", "column"],
        )
        for what, drift in self._workspace.last_drift().items():
            for name, column in drift["columns"].items():
                family.add_metric([what, name], column["score"] / column["threshold"])
        return family

    def _drift_shares(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "recommender_drift_share", "Share of the columns of a comparison that drifted", labels=["of"]
        )
        for what, drift in self._workspace.last_drift().items():
            family.add_metric([what], drift["share"])
        return family

    def _retrainings(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("recommender_retrainings", "Retrainings by what came of them", labels=["outcome"])
        outcomes = [record.get("outcome") for record in DecisionLog(self._workspace.triggers).records()]
        for outcome in get_args(RetrainOutcome):
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
