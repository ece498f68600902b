"""Ways to decide when to retrain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from benchmarks.simulated_year.pipeline import Pipeline
from monitoring.decision_log import Outcome
from monitoring.rounds import run_round

Name = Literal["never", "weekly", "trigger"]

#: For people.
LABELS: Final[dict[Name, str]] = {"never": "never", "weekly": "every week", "trigger": "when the trigger fires"}


@dataclass(frozen=True, slots=True)
class Retrained:
    """One retraining.

    Attributes:
        outcome: How it ended.
        reasons: The names of what spoke for it.
        obstacles: Why there is no new champion: the checks that the gate failed it by, or the error in short.
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    obstacles: tuple[str, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome, details: dict[str, Any], reasons: Iterable[str]) -> Self:
        """From what the pipeline tells."""
        failed = [line.removeprefix("FAIL ").split(":")[0] for line in details.get("gate", ()) if "FAIL" in line]
        error = [str(details["error"]).splitlines()[0].split(":")[0]] if "error" in details else []
        return cls(outcome, tuple(reasons), (*failed, *error))


#: Decides after a week, and retrains if it comes to that.
Policy = Callable[[Pipeline, int], Retrained | None]


def _never(_: Pipeline, __: int) -> None:
    return None


def _weekly(pipeline: Pipeline, week: int) -> Retrained:
    return Retrained.of(*pipeline.run(week), ("schedule",))


def _trigger(pipeline: Pipeline, week: int) -> Retrained | None:
    """One round of monitoring a week, with the platform's own trigger."""
    ended: list[tuple[Outcome, dict[str, Any]]] = []

    def retrain() -> tuple[Outcome, dict[str, Any]]:
        ended.append(pipeline.run(week))
        return ended[0]

    now = pipeline.world.plan.week(week).end.timestamp()
    found = run_round(pipeline.workspace, pipeline.config, retrain, now=now)
    return Retrained.of(*ended[0], found.decision.reasons) if ended else None


POLICIES: Final[dict[Name, Policy]] = {"never": _never, "weekly": _weekly, "trigger": _trigger}
