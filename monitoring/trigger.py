"""Whether to retrain: a pure decision from named evidence and from the retrainings before."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Final, Self

from infrastructure import SECONDS_A_DAY, SECONDS_AN_HOUR
from infrastructure.workspace import RECOMMENDATIONS, REQUESTS
from recommender.evaluation.metrics import Interval
from settings.monitoring import MonitoringSettings, TriggerSettings

WEEK: Final = 7 * SECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """The result of one comparison: the share of drifted columns, 0 to 1, and their names."""

    share: float
    drifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one round of monitoring found.

    Attributes:
        champion: Version of the model that is judged.
        last_row: Arrival number of the newest event that was inspected; it only grows.
        new_rows: Events that have arrived since the last retraining was started (or ever).
        age_days: Since the champion was promoted.
        drift_share: Share of drifted columns of purchases, 0 to 1; None without enough data.
        drifted: Names of the drifted columns of purchases.
        falls: By measure ("click rate"): how far the champion's latest answers lie below its earlier ones, as a
            share of the latter; empty without enough data.
        answers: Drift of "requests" and "recommendations"; empty without enough data.
    """

    champion: str
    last_row: int
    new_rows: int
    age_days: float
    drift_share: float | None = None
    drifted: tuple[str, ...] = ()
    falls: dict[str, Interval] = field(default_factory=dict[str, Interval])
    answers: dict[str, DriftSummary] = field(default_factory=dict[str, DriftSummary])

    @property
    def id(self) -> str:
        """A hash of the evidence's content."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PastRetraining:
    """A retraining that was started before, in seconds since 1970; it failed if it ended without a verdict of the gate.

    Champion and last row (the newest event's arrival number) are those of then.
    """

    time: float
    champion: str
    last_row: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class RetrainDecision:
    """What was decided, and why.

    Attributes:
        retrain: Whether a retraining starts.
        evidence: Id of the evidence.
        reasons: What speaks for a retraining: by name, a sentence with its figure.
        blocks: The same for what prevents it, however good the reasons.
    """

    retrain: bool
    evidence: str
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    blocks: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def from_reasons(cls, evidence: Evidence, reasons: dict[str, str], blocks: dict[str, str]) -> Self:
        """Retrain where there is a reason and no block."""
        return cls(bool(reasons) and not blocks, evidence.id, reasons, blocks)

    def with_block(self, name: str, why: str) -> Self:
        """The same decision with one more block."""
        return replace(self, retrain=False, blocks={**self.blocks, name: why})


def decide_retraining(
    evidence: Evidence, past: Sequence[PastRetraining], settings: MonitoringSettings, now: float
) -> RetrainDecision:
    """Decide from the evidence and past retrainings (oldest first) alone; nothing is read, written or started."""
    reasons = {name: text for name, rule in _REASONS.items() if (text := rule(evidence, settings))}
    blocks = {name: text for name, rule in _BLOCKS.items() if (text := rule(evidence, past, settings.trigger, now))}
    return RetrainDecision.from_reasons(evidence, reasons, blocks)


def _purchase_drift(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    share = evidence.drift_share
    return (
        None if share is None else _drift_reason(DriftSummary(share, evidence.drifted), "columns", evidence, settings)
    )


def _answer_drift(compared: str, evidence: Evidence, settings: MonitoringSettings) -> str | None:
    drift = evidence.answers.get(compared)
    return drift and _drift_reason(drift, f"columns of {compared}", evidence, settings)


def _drift_reason(drift: DriftSummary, what: str, evidence: Evidence, settings: MonitoringSettings) -> str | None:
    if drift.share < settings.drift.share or evidence.new_rows < settings.trigger.minimum_rows:
        return None
    return f"{drift.share:.0%} of the {what} drifted ({', '.join(drift.drifted)})"


def _performance(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    """A fall must be certain: the interval's lower end counts."""
    if evidence.new_rows < settings.trigger.minimum_rows:
        return None
    fallen = [
        f"the {figure} fell by {fall.value:.0%} (interval {fall.low:.0%} to {fall.high:.0%})"
        for figure, fall in evidence.falls.items()
        if fall.low >= settings.trigger.performance_fall
    ]
    return "; ".join(fallen) or None


def _rows(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    if evidence.new_rows < settings.trigger.new_rows:
        return None
    return f"{evidence.new_rows} new events"


def _age(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    if evidence.age_days < settings.trigger.maximum_age_days:
        return None
    return f"the champion is {evidence.age_days:.0f} days old"


def _cooldown(_: Evidence, past: Sequence[PastRetraining], settings: TriggerSettings, now: float) -> str | None:
    """A failed retraining is tried again sooner, and later each time that it fails again."""
    if not past:
        return None
    failures = len(list(takewhile(lambda retraining: retraining.failed, reversed(past))))
    retry = settings.retry_hours * 2.0 ** (failures - 1) if failures else settings.cooldown_hours
    passed, wait = (now - past[-1].time) / SECONDS_AN_HOUR, min(retry, settings.cooldown_hours)
    if passed >= wait:
        return None
    after = f", after {failures} that failed in a row" if failures else ""
    return f"the last retraining started {passed:.1f} hours ago; the next may after {wait:g}{after}"


def _budget(_: Evidence, past: Sequence[PastRetraining], settings: TriggerSettings, now: float) -> str | None:
    recent = sum(now - retraining.time < WEEK for retraining in past)
    if recent < settings.weekly_budget:
        return None
    return f"{recent} retrainings were started within a week, as many as are allowed"


def _same_evidence(
    evidence: Evidence, past: Sequence[PastRetraining], settings: TriggerSettings, _: float
) -> str | None:
    """After a retraining for the same champion, evidence is new only with enough events that came since."""
    judged = [retraining for retraining in past if retraining.champion == evidence.champion and not retraining.failed]
    seen = max((retraining.last_row for retraining in judged), default=None)
    if seen is None or evidence.last_row - seen >= settings.minimum_rows:
        return None
    return f"only {evidence.last_row - seen} events since the last retraining was started for the same champion"


_REASONS: Final[dict[str, Callable[[Evidence, MonitoringSettings], str | None]]] = {
    "drift": _purchase_drift,
    "request_drift": partial(_answer_drift, REQUESTS),
    "prediction_drift": partial(_answer_drift, RECOMMENDATIONS),
    "performance": _performance,
    "new_rows": _rows,
    "age": _age,
}
_BLOCKS: Final[dict[str, Callable[[Evidence, Sequence[PastRetraining], TriggerSettings, float], str | None]]] = {
    "cooldown": _cooldown,
    "budget": _budget,
    "same_evidence": _same_evidence,
}
