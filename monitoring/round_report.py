"""A round of monitoring for people: a few lines on a terminal, or the artifacts of a pipeline."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rich.console import Console

from feedback.live_metrics import LiveMetrics, kpi_text
from infrastructure.workspace import Workspace
from monitoring.drift import Drift
from monitoring.rounds import MonitoringRound
from recommender.evaluation.kpis import BY_NAME
from recommender.reports.page import Page, about_now

_TOO_FEW: Final = "Too few purchases to compare."


def print_round(console: Console, monitoring_round: MonitoringRound) -> None:
    """Print a round in a few lines."""
    for line in round_lines(monitoring_round):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def round_lines(monitoring_round: MonitoringRound) -> list[str]:
    """A round as lines of text."""
    evidence, decision = monitoring_round.findings.evidence, monitoring_round.decision
    parts = [
        f"champion     {evidence.champion}, {evidence.age_days:.1f} days old, {evidence.new_rows} new events",
        f"performance  {_performance(monitoring_round.findings.performance)}",
        f"drift        {_drift(monitoring_round.findings.drift)}",
        *(f"             {_drift_text(name, each)}" for name, each in monitoring_round.findings.answers.items()),
        *(f"for          {name}: {text}" for name, text in decision.reasons.items()),
        *(f"against      {name}: {text}" for name, text in decision.blocks.items()),
        f"trigger      {'retrain' if decision.retrain else 'stay quiet'}  ({monitoring_round.record})",
    ]
    return [*parts, f"outcome      {monitoring_round.outcome}"] if monitoring_round.outcome else parts


def _performance(metrics: LiveMetrics) -> str:
    measures = [
        f"{BY_NAME[name].label.lower()} {kpi_text(BY_NAME[name], value)}" for name, value in metrics.kpis.items()
    ]
    return ", ".join([f"{metrics.answers} answers", *measures])


def _drift(drift: Drift | None) -> str:
    if drift is None:
        return "too few purchases to compare"
    return _drift_text("purchases", drift)


def _drift_text(what: str, drift: Drift) -> str:
    columns = ", ".join(f"{name} {drift.columns[name].score:.2f}" for name in drift.drifted) or "none"
    return f"{len(drift.drifted)} of {len(drift.columns)} columns drifted ({columns}) in {drift.current_rows} {what}"


def write_round_artifacts(
    monitoring_round: MonitoringRound, workspace: Workspace, page: Path, status: Path, drift: Path, decision: Path
) -> Iterator[tuple[str, float]]:
    """Copy the status page and a round's drift report and decision to their places; yield its metrics by name."""
    shutil.copyfile(page, status)
    if monitoring_round.findings.drift is None:
        # The report in the workspace is that of an earlier round.
        about = about_now(workspace.root.name)
        Page("Drift of purchases", _TOO_FEW, (), (), about).write_html(drift)
    else:
        shutil.copyfile(workspace.drift.with_suffix(".html"), drift)
    shutil.copyfile(monitoring_round.record, decision)
    evidence = monitoring_round.findings.evidence
    yield "retrain", float(monitoring_round.decision.retrain)
    yield "new_rows", float(evidence.new_rows)
    yield "age_days", evidence.age_days
    if evidence.drift_share is not None:
        yield "drift_share", evidence.drift_share
    for name, moved in evidence.answers.items():
        yield f"{name}_drift_share", moved.share
    for name, value in monitoring_round.findings.performance.kpis.items():
        yield name, value.value
