"""Ways to decide when to retrain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from monitoring.rounds import run_round
from monitoring.simulation.pipeline import Pipeline
from monitoring.triggers import Outcome

Name = Literal["never", "weekly", "trigger"]

#: For people.
LABELS: Final[dict[Name, str]] = {"never": "never", "weekly": "every week", "trigger": "when the trigger fires"}


@dataclass(frozen=True, slots=True)
class Retrained:
    """One retraining.

    Attributes:
        outcome: How it ended.
        reasons: The names of what spoke for it.
    """

    outcome: Outcome
    reasons: tuple[str, ...]


#: Decides after a week, and retrains if it comes to that.
Policy = Callable[[Pipeline, int], Retrained | None]


def _never(_: Pipeline, __: int) -> None:
    return None


def _weekly(pipeline: Pipeline, week: int) -> Retrained:
    outcome, _ = pipeline.run(week)
    return Retrained(outcome, ("schedule",))


def _trigger(pipeline: Pipeline, week: int) -> Retrained | None:
    """One round of monitoring a week, with the platform's own trigger."""
    now = pipeline.world.plan.week(week).end.timestamp()
    found = run_round(pipeline.workspace, pipeline.config, lambda: pipeline.run(week), now=now)
    return Retrained(found.outcome, tuple(found.decision.reasons)) if found.outcome else None


POLICIES: Final[dict[Name, Policy]] = {"never": _never, "weekly": _weekly, "trigger": _trigger}
