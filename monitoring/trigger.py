"""Whether to retrain: a pure decision from named evidence and from what was decided before."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import takewhile
from typing import Final, Self

from feedback.rates import Interval
from infrastructure.workspace import RECOMMENDATIONS, REQUESTS
from settings.monitoring import MonitoringSettings, TriggerSettings

HOUR: Final = 3600.0
WEEK: Final = 7 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Moved:
    """What one comparison found: the share of drifted columns, 0 to 1, and their names."""

    share: float
    drifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one round of monitoring found.

    Attributes:
        champion: Version of the model that is judged.
        last_row: Arrival number of the newest event that was looked at; it only grows.
        new_rows: Events that have arrived since the last retraining was started (or ever).
        age_days: Since the champion was promoted.
        drift_share: Share of drifted columns of purchases, 0 to 1; None where it could not be told.
        drifted: Names of the drifted columns of purchases.
        falls: By figure ("click rate"): how far the champion's latest answers lie under its earlier ones, as a
            share of the latter; empty where it could not be told.
        answers: The same as the drift of purchases of what is compared of answers ("requests", "recommendations");
            empty where it could not be told.
    """

    champion: str
    last_row: int
    new_rows: int
    age_days: float
    drift_share: float | None = None
    drifted: tuple[str, ...] = ()
    falls: dict[str, Interval] = field(default_factory=dict[str, Interval])
    answers: dict[str, Moved] = field(default_factory=dict[str, Moved])

    @property
    def id(self) -> str:
        """Names the evidence by its content."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Firing:
    """A retraining that was started before.

    Attributes:
        time: When, in seconds since 1970.
        champion: Version of the champion then.
        last_row: Arrival number of the newest event then.
        failed: Whether it came to no verdict of the gate.
    """

    time: float
    champion: str
    last_row: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and why.

    Attributes:
        retrain: Whether a retraining starts.
        reasons: Each a name and a sentence with its figure: what speaks for a retraining.
        blocks: The same of what speaks against it, however good the reasons.
    """

    retrain: bool
    evidence: str
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    blocks: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, evidence: Evidence, reasons: dict[str, str], blocks: dict[str, str]) -> Self:
        """Retrain where something speaks for it and nothing against it."""
        return cls(bool(reasons) and not blocks, evidence.id, reasons, blocks)

    def blocked(self, name: str, why: str) -> Self:
        """The same decision with one more thing against it."""
        return replace(self, retrain=False, blocks={**self.blocks, name: why})


def decide(evidence: Evidence, fired: Sequence[Firing], settings: MonitoringSettings, now: float) -> Decision:
    """Decide from the evidence alone; nothing is read, written or started.

    Args:
        evidence: What monitoring found.
        fired: The retrainings started before.
        settings: Thresholds.
        now: Seconds since 1970.
    """
    reasons = {name: text for name, rule in _REASONS.items() if (text := rule(evidence, settings))}
    blocks = {name: text for name, rule in _BLOCKS.items() if (text := rule(evidence, fired, settings.trigger, now))}
    return Decision.of(evidence, reasons, blocks)


def _drift(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    share = evidence.drift_share
    return None if share is None else _moved(Moved(share, evidence.drifted), "columns", evidence, settings)


def _requests(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    found = evidence.answers.get(REQUESTS)
    return found and _moved(found, "columns of requests", evidence, settings)


def _predictions(evidence: Evidence, settings: MonitoringSettings) -> str | None:
    found = evidence.answers.get(RECOMMENDATIONS)
    return found and _moved(found, "columns of recommendations", evidence, settings)


def _moved(found: Moved, what: str, evidence: Evidence, settings: MonitoringSettings) -> str | None:
    if found.share < settings.drift.share or evidence.new_rows < settings.trigger.minimum_rows:
        return None
    return f"{found.share:.0%} of the {what} drifted ({', '.join(found.drifted)})"


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


def _cooldown(_: Evidence, fired: Sequence[Firing], settings: TriggerSettings, now: float) -> str | None:
    """A failed retraining is tried again sooner, and later each time that it fails again."""
    if not fired:
        return None
    failures = len(list(takewhile(lambda firing: firing.failed, reversed(fired))))
    retry = settings.retry_hours * 2.0 ** (failures - 1) if failures else settings.cooldown_hours
    passed, wait = (now - fired[-1].time) / HOUR, min(retry, settings.cooldown_hours)
    if passed >= wait:
        return None
    after = f", after {failures} that failed in a row" if failures else ""
    return f"the last retraining started {passed:.1f} hours ago; the next may after {wait:g}{after}"


def _budget(_: Evidence, fired: Sequence[Firing], settings: TriggerSettings, now: float) -> str | None:
    recent = sum(now - firing.time < WEEK for firing in fired)
    if recent < settings.weekly_budget:
        return None
    return f"{recent} retrainings were started within a week, as many as are allowed"


def _same_evidence(evidence: Evidence, fired: Sequence[Firing], settings: TriggerSettings, _: float) -> str | None:
    """About a champion that was fired at before, fresh evidence means enough events that were not looked at then."""
    judged = [firing for firing in fired if firing.champion == evidence.champion and not firing.failed]
    seen = max((firing.last_row for firing in judged), default=None)
    if seen is None or evidence.last_row - seen >= settings.minimum_rows:
        return None
    return f"only {evidence.last_row - seen} events since the last retraining was started for the same champion"


_REASONS: Final[dict[str, Callable[[Evidence, MonitoringSettings], str | None]]] = {
    "drift": _drift,
    "request_drift": _requests,
    "prediction_drift": _predictions,
    "performance": _performance,
    "new_rows": _rows,
    "age": _age,
}
_BLOCKS: Final[dict[str, Callable[[Evidence, Sequence[Firing], TriggerSettings, float], str | None]]] = {
    "cooldown": _cooldown,
    "budget": _budget,
    "same_evidence": _same_evidence,
}
