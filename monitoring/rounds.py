"""One round of monitoring: look at recent traffic, report, decide, and retrain when the trigger says so."""

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from feedback.customer_facts import Declared
from feedback.database import database
from feedback.event_log import ARRIVAL
from feedback.join import join
from feedback.live_metrics import Figures, by_part, falls, figures
from feedback.log_reader import MODEL_VERSION, read_events, read_shown
from infrastructure.errors import DataError
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from monitoring.comparisons import PURCHASES, compared
from monitoring.decision_log import Outcome, TriggerBook
from monitoring.drift import Drift
from monitoring.retrain import Retrain
from monitoring.trigger import Decision, Evidence, Moved, decide
from recommender.contract.tables import Tables
from settings.config import Config

DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Findings:
    """What a round saw.

    Attributes:
        drift: Of purchases; None where there was nothing to compare.
        answers: Of what is compared of answers, by name, as far as there was enough of it.
        performance: Of the champion's answers.
    """

    evidence: Evidence
    drift: Drift | None
    performance: Figures
    answers: dict[str, Drift] = field(default_factory=dict[str, Drift])


@dataclass(frozen=True)
class Round:
    """What a round saw, decided and did.

    Attributes:
        findings: What was seen.
        decision: What the trigger made of it.
        record: The file that keeps the decision.
        outcome: What came of the retraining; None where none was started.
    """

    findings: Findings
    decision: Decision
    record: Path
    outcome: Outcome | None = None


def run_round(
    workspace: Workspace, config: Config, retrain: Retrain, *, dry: bool = False, now: float | None = None
) -> Round:
    """Look, report, decide, and retrain when the trigger says so.

    Of several processes at once, one may retrain; the others record that they were kept out.

    Args:
        workspace: Of the shop.
        config: Every parameter.
        retrain: Retrains.
        dry: Whether to decide and record only.
        now: Seconds since 1970; the clock's unless given.

    Raises:
        DataError: There is no champion to watch yet.
    """
    book = TriggerBook(workspace.triggers)
    with book.alone() as alone:
        fired, now = book.fired(), time.time() if now is None else now
        seen = max((firing.last_row for firing in fired if not firing.failed), default=0)
        since = max((firing.time for firing in fired if not firing.failed), default=0.0)
        findings = look(workspace, config, seen, now, since)
        decision = decide(findings.evidence, fired, config.monitoring, now)
        if not alone:
            decision = decision.blocked("busy", "another process is deciding or retraining")
        if dry:
            decision = decision.blocked("dry_run", "this round was asked to decide only")
        record = book.record(decision, findings.evidence, now)
        return Round(findings, decision, record, _act(book, record, retrain) if decision.retrain else None)


def _act(book: TriggerBook, record: Path, retrain: Retrain) -> Outcome:
    """Retrain, and write down what came of it."""
    outcome, details = retrain()
    book.conclude(record, outcome, details)
    return outcome


def look(workspace: Workspace, config: Config, seen: int, now: float, since: float = 0.0) -> Findings:
    """What the log tells of the champion, with reports.

    Args:
        workspace: Of the shop.
        config: Thresholds.
        seen: Arrival number of the last event that the last retraining knew.
        now: Seconds since 1970.
        since: When the last retraining that came to a verdict was started: later answers are compared with the first.
    """
    champion = _champion(workspace)
    log, settings = database(workspace), config.monitoring
    events = read_events(log)
    tables = Tables.read(workspace.tables)
    declared = Declared.of(tables, config.serving.customer_salt)
    joined = join(read_shown(workspace), events, settings.feedback, declared)
    answers = joined[joined[MODEL_VERSION] == champion["version"]]
    found = figures(answers, settings.feedback)
    parts = by_part(joined, declared, settings.feedback)
    write_json(workspace.performance, performance(champion["version"], found, parts))
    moved = compared(workspace, tables, events[events[ARRIVAL] > seen], answers, declared, config, since)
    drift = moved.pop(PURCHASES, None)
    evidence = Evidence(
        champion=champion["version"],
        last_row=int(events[ARRIVAL].max()) if len(events) else 0,
        new_rows=int((events[ARRIVAL] > seen).sum()),
        age_days=(now - datetime.fromisoformat(champion["promoted_at"]).timestamp()) / DAY_SECONDS,
        drift_share=drift.share if drift else None,
        drifted=tuple(drift.drifted) if drift else (),
        falls=falls(joined, champion["version"], settings.feedback),
        answers={name: Moved(each.share, tuple(each.drifted)) for name, each in moved.items()},
    )
    return Findings(evidence, drift, found, moved)


def performance(champion: str, found: Figures, parts: dict[str, dict[str, Figures]]) -> dict[str, Any]:
    """The champion's measures, and those of every answer by part, as JSON keeps them."""
    of_parts = {name: {part: asdict(each) for part, each in values.items()} for name, values in parts.items()}
    return {"champion": champion, **asdict(found), "parts": of_parts}


def _champion(workspace: Workspace) -> dict[str, Any]:
    champion = workspace.champion()
    if champion is None:
        raise DataError(
            "There is no champion to watch yet.",
            where=str(workspace.champion_file),
            expected="a completed run: make run",
        )
    return champion
