"""Retraining policies: when to retrain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from benchmarks.simulated_year.pipeline import SimulatedPipeline
from monitoring.decision_log import RetrainOutcome
from monitoring.rounds import run_round

PolicyName = Literal["never", "weekly", "trigger"]

#: For people.
LABELS: Final[dict[PolicyName, str]] = {"never": "never", "weekly": "every week", "trigger": "when the trigger fires"}


@dataclass(frozen=True, slots=True)
class RetrainingRecord:
    """One retraining.

    Attributes:
        outcome: How it ended.
        reasons: The names of the reasons for it.
        obstacles: Why there is no new champion: the failed checks of the gate, or the error in short.
    """

    outcome: RetrainOutcome
    reasons: tuple[str, ...]
    obstacles: tuple[str, ...] = ()

    @classmethod
    def from_details(cls, outcome: RetrainOutcome, details: dict[str, Any], reasons: Iterable[str]) -> Self:
        """From the pipeline's outcome and details."""
        failed = [line.removeprefix("FAIL ").split(":")[0] for line in details.get("gate", ()) if "FAIL" in line]
        error = [str(details["error"]).splitlines()[0].split(":")[0]] if "error" in details else []
        return cls(outcome, tuple(reasons), (*failed, *error))


#: Decides after a week whether to retrain, and retrains.
Policy = Callable[[SimulatedPipeline, int], RetrainingRecord | None]


def _weekly(pipeline: SimulatedPipeline, week: int) -> RetrainingRecord:
    return RetrainingRecord.from_details(*pipeline.run(week), ("schedule",))


def _trigger(pipeline: SimulatedPipeline, week: int) -> RetrainingRecord | None:
    """One round of monitoring a week, with the platform's own trigger."""
    ended: list[tuple[RetrainOutcome, dict[str, Any]]] = []

    def retrain() -> tuple[RetrainOutcome, dict[str, Any]]:
        ended.append(pipeline.run(week))
        return ended[0]

    now = pipeline.shop.plan.week(week).end.timestamp()
    decision = run_round(pipeline.workspace, pipeline.config, retrain, now=now).decision
    return RetrainingRecord.from_details(*ended[0], decision.reasons) if ended else None


POLICIES: Final[dict[PolicyName, Policy]] = {"never": lambda _, __: None, "weekly": _weekly, "trigger": _trigger}
