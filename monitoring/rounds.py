"""One round of monitoring: inspect recent traffic, report, decide, and retrain when the trigger fires."""

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from feedback.customer_facts import CustomerFacts
from feedback.database import database
from feedback.event_log import ARRIVAL
from feedback.join import join_events
from feedback.live_metrics import LiveMetrics, live_metrics, metrics_by_segment, relative_falls
from feedback.log_reader import read_all_impressions, read_events
from infrastructure import SECONDS_A_DAY
from infrastructure.errors import DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from monitoring.comparisons import PURCHASES, compare_traffic
from monitoring.decision_log import DecisionLog, RetrainOutcome
from monitoring.drift import Drift
from monitoring.retrain import Retrain
from monitoring.trigger import DriftSummary, Evidence, RetrainDecision, decide_retraining
from recommender.contract.impressions import MODEL_VERSION
from recommender.contract.tables import Tables
from settings.config import Config


@dataclass(frozen=True)
class Findings:
    """What a round found.

    Attributes:
        evidence: What the trigger decides from.
        drift: Of purchases; None where there were too few to compare.
        performance: Of the champion's answers.
        answers: Drift of requests and recommendations, by name, where there were enough.
    """

    evidence: Evidence
    drift: Drift | None
    performance: LiveMetrics
    answers: dict[str, Drift] = field(default_factory=dict[str, Drift])


@dataclass(frozen=True)
class MonitoringRound:
    """What a round found, decided (the decision's file is ``record``) and did; no outcome where it did not retrain."""

    findings: Findings
    decision: RetrainDecision
    record: Path
    outcome: RetrainOutcome | None = None


def run_round(
    workspace: Workspace, config: Config, retrain: Retrain, *, dry: bool = False, now: float | None = None
) -> MonitoringRound:
    """Inspect recent traffic, report, decide, and retrain when the trigger fires, unless ``dry``.

    Of several processes at once, one may retrain; the others record that they were blocked.

    Raises:
        DataError: There is no champion to watch yet.
    """
    log = DecisionLog(workspace.triggers)
    with log.exclusive() as is_exclusive:
        past, now = log.retrainings(), time.time() if now is None else now
        seen = max((retraining.last_row for retraining in past if not retraining.failed), default=0)
        since = max((retraining.time for retraining in past if not retraining.failed), default=0.0)
        findings = inspect_traffic(workspace, config, seen, now, since)
        decision = decide_retraining(findings.evidence, past, config.monitoring, now)
        if not is_exclusive:
            decision = decision.with_block("busy", "another process is deciding or retraining")
        if dry:
            decision = decision.with_block("dry_run", "this round was asked to decide only")
        record = log.record(decision, findings.evidence, now)
        if not decision.retrain:
            return MonitoringRound(findings, decision, record)
        outcome, details = retrain()
        log.record_outcome(record, outcome, details)
        return MonitoringRound(findings, decision, record, outcome)


def inspect_traffic(workspace: Workspace, config: Config, seen: int, now: float, since: float = 0.0) -> Findings:
    """What the log shows about the champion ``now`` (seconds since 1970); writes the reports.

    ``seen`` is the arrival number of the last event that the last retraining knew, ``since`` its start: answers after
    that are compared with the first ones.
    """
    champion = _champion(workspace)
    log, settings = database(workspace), config.monitoring
    events = read_events(log)
    tables = Tables.read(workspace.tables)
    facts = CustomerFacts.from_tables(tables, config.serving.customer_salt)
    joined = join_events(read_all_impressions(workspace), events, settings.feedback, facts)
    answers = joined[joined[MODEL_VERSION] == champion["version"]]
    metrics = live_metrics(answers, settings.feedback)
    segments = metrics_by_segment(joined, facts, settings.feedback)
    write_json(workspace.performance, performance_record(champion["version"], metrics, segments))
    drifts = compare_traffic(workspace, tables, events[events[ARRIVAL] > seen], answers, facts, config, since)
    drift = drifts.pop(PURCHASES, None)
    evidence = Evidence(
        champion=champion["version"],
        last_row=int(events[ARRIVAL].max()) if len(events) else 0,
        new_rows=int((events[ARRIVAL] > seen).sum()),
        age_days=(now - datetime.fromisoformat(champion["promoted_at"]).timestamp()) / SECONDS_A_DAY,
        drift_share=drift.share if drift else None,
        drifted=tuple(drift.drifted) if drift else (),
        falls=relative_falls(joined, champion["version"], settings.feedback),
        answers={
            name: DriftSummary(of_answers.share, tuple(of_answers.drifted)) for name, of_answers in drifts.items()
        },
    )
    return Findings(evidence, drift, metrics, drifts)


def performance_record(
    champion: str, metrics: LiveMetrics, segments: dict[str, dict[str, LiveMetrics]]
) -> dict[str, Any]:
    """The champion's measures, and those of all answers by segment, for JSON."""
    parts = {name: {value: asdict(of_part) for value, of_part in values.items()} for name, values in segments.items()}
    return {"champion": champion, **asdict(metrics), "parts": parts}


def _champion(workspace: Workspace) -> dict[str, Any]:
    champion = workspace.champion()
    if champion is None:
        raise DataError(
            "There is no champion to watch yet.",
            where=str(workspace.champion_file),
            expected="a completed run: make run",
        )
    return champion
