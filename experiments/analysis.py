"""What an experiment has shown so far, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from experiments.assignment import Assignment, assignment, exposed, variants
from experiments.comparison import Comparison, compare
from experiments.effect import Effect
from feedback.log_reader import CUSTOMER
from infrastructure.errors import ConfigError
from recommender.contract import columns as c
from recommender.evaluation import kpis
from recommender.evaluation.kpis import Kpi
from settings.experiment import ExperimentSettings

Verdict = Literal["challenger", "champion", "stopped", "open"]


@dataclass(frozen=True)
class Analysis:
    """All that was found.

    Attributes:
        assignment: The draw as the log shows it.
        comparisons: By the measure's name.
        verdict: What to do: deploy one of the variants, stop because something is broken, or go on.
        why: In one sentence.
    """

    assignment: Assignment
    comparisons: dict[str, Comparison]
    verdict: Verdict
    why: str


def analyse(joined: pd.DataFrame, settings: ExperimentSettings, history: Mapping[str, int]) -> Analysis:
    """Compare the variants of an experiment; may be called as often as one likes.

    Args:
        joined: Every answer with what became of it (``feedback.join.join``).
        settings: The experiment.
        history: Purchases before the experiment, by the customer's pseudonym.

    Raises:
        ConfigError: The goal is no measure that the join tells.
    """
    goal, answers = goal_of(settings), exposed(joined, settings)
    draw, alone, known = assignment(answers, settings), variants(answers), foretold(answers, history)
    comparisons = {kpi.name: compare(answers, alone, kpi, settings, known) for kpi in kpis.kpis_from_join()}
    verdict, why = _decided(draw, comparisons, goal, settings)
    return Analysis(draw, comparisons, verdict, why)


def over_time(
    joined: pd.DataFrame, settings: ExperimentSettings, history: Mapping[str, int], most: int
) -> list[tuple[float, Effect]]:
    """The challenger's effect on the goal as one would have found it earlier: time (seconds since 1970) and effect.

    Args:
        joined: As of :func:`analyse`.
        settings: The experiment.
        history: As of :func:`analyse`.
        most: Looks, evenly spaced over the answers; those with too few cases to tell are left out.

    Raises:
        ConfigError: The goal is no measure that the join tells.
    """
    goal, answers = goal_of(settings), exposed(joined, settings)
    known = foretold(answers, history)
    found: list[tuple[float, Effect]] = []
    for time in _looks(answers[c.TIME], most):
        until = answers[answers[c.TIME] <= time]
        comparison = compare(until, variants(until), goal, settings, known)
        if comparison.effect is not None:
            found.append((time, comparison.effect))
    return found


def goal_of(settings: ExperimentSettings) -> Kpi:
    """The measure that an experiment aims at.

    Raises:
        ConfigError: It is none that the join tells.
    """
    goal = kpis.BY_NAME.get(settings.goal)
    if goal is None or goal.parts is None:
        raise ConfigError(
            "An experiment cannot aim at this.",
            field="experiment.goal",
            value=settings.goal,
            expected=f"one of: {', '.join(kpi.name for kpi in kpis.kpis_from_join())}",
        )
    return goal


def foretold(answers: pd.DataFrame, history: Mapping[str, int]) -> "pd.Series[float]":
    """What may foretell the measures of each customer, by pseudonym: the logarithm of the purchases before, and one."""
    customers = answers[CUSTOMER].unique()
    return pd.Series(np.log1p([history.get(str(customer), 0) for customer in customers]), customers, dtype="float64")


def _decided(
    draw: Assignment, comparisons: Mapping[str, Comparison], goal: Kpi, settings: ExperimentSettings
) -> tuple[Verdict, str]:
    """A broken draw or guardrail comes first, then the goal."""
    if fault := draw.fault(settings):
        return "stopped", f"The draw is not the planned one: {fault}."
    broken = [each.kpi.label.lower() for each in comparisons.values() if _is_broken(each)]
    if broken:
        return "stopped", f"A guardrail is broken: {', '.join(broken)}."
    found = comparisons[goal.name]
    if found.better:
        return "challenger", f"The challenger gains in {goal.label.lower()} for certain, and no guardrail is broken."
    if found.worse:
        return "champion", f"The challenger loses in {goal.label.lower()} for certain."
    return "open", f"Neither is better in {goal.label.lower()} for certain yet."


def _looks(times: "pd.Series[float]", most: int) -> list[float]:
    """Up to ``most`` evenly spaced times, the last one at the end; none without answers."""
    if times.empty:
        return []
    first, last = float(times.min()), float(times.max())
    return [first + (last - first) * (step + 1) / most for step in range(most)]


def _is_broken(comparison: Comparison) -> bool:
    return comparison.kpi.role == "guardrail" and comparison.state == "broken"
