"""The analysis of an experiment: what it has shown so far, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from experiments.assignment import Assignment, exposed_answers, observed_assignment, variants_by_customer
from experiments.comparison import VariantComparison, compare_variants
from experiments.effect import TreatmentEffect
from infrastructure.errors import ConfigError
from recommender.contract import columns as c
from recommender.contract.impressions import CUSTOMER
from recommender.evaluation import kpis
from recommender.evaluation.kpis import Kpi
from settings.experiment import ExperimentSettings

Verdict = Literal["challenger", "champion", "stopped", "open"]


@dataclass(frozen=True)
class Analysis:
    """The results of an experiment so far, by measure: what to do (deploy one, stop or go on), and why."""

    assignment: Assignment
    comparisons: dict[str, VariantComparison]
    verdict: Verdict
    why: str


def analyse_experiment(joined: pd.DataFrame, settings: ExperimentSettings, history: Mapping[str, int]) -> Analysis:
    """Compare the variants of an experiment; may be called at any time, as often as one likes.

    ``joined`` comes from :func:`feedback.join.join_events`; ``history`` has the purchases before the experiment, by the
    customer's pseudonym.

    Raises:
        ConfigError: The goal is not a measure that is computed from the join.
    """
    goal, answers = experiment_goal(settings), exposed_answers(joined, settings)
    variants, covariates = variants_by_customer(answers), prior_purchases(answers, history)
    comparisons = {
        kpi.name: compare_variants(answers, variants, kpi, settings, covariates) for kpi in kpis.kpis_from_join()
    }
    assignment = observed_assignment(answers, settings)
    verdict, why = _verdict(assignment, comparisons, goal, settings)
    return Analysis(assignment, comparisons, verdict, why)


def effects_over_time(
    joined: pd.DataFrame, settings: ExperimentSettings, history: Mapping[str, int], most: int
) -> list[tuple[float, TreatmentEffect]]:
    """The challenger's effect on the goal at up to ``most`` earlier looks: time (seconds since 1970) and effect.

    Looks are evenly spaced in time; those with too few cases are left out.

    Raises:
        ConfigError: The goal is not a measure that is computed from the join.
    """
    goal, answers = experiment_goal(settings), exposed_answers(joined, settings)
    covariates = prior_purchases(answers, history)
    effects: list[tuple[float, TreatmentEffect]] = []
    for time in _looks(answers[c.TIME], most):
        until = answers[answers[c.TIME] <= time]
        comparison = compare_variants(until, variants_by_customer(until), goal, settings, covariates)
        if comparison.effect is not None:
            effects.append((time, comparison.effect))
    return effects


def experiment_goal(settings: ExperimentSettings) -> Kpi:
    """The measure that decides the experiment.

    Raises:
        ConfigError: It is not computed from the join.
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


def prior_purchases(answers: pd.DataFrame, history: Mapping[str, int]) -> "pd.Series[float]":
    """The pre-experiment covariate of each customer, by pseudonym: log(1 + earlier purchases)."""
    customers = answers[CUSTOMER].unique()
    return pd.Series(np.log1p([history.get(str(customer), 0) for customer in customers]), customers, dtype="float64")


def _verdict(
    assignment: Assignment, comparisons: Mapping[str, VariantComparison], goal: Kpi, settings: ExperimentSettings
) -> tuple[Verdict, str]:
    """A faulty assignment or broken guardrail decides first, then the goal."""
    if fault := assignment.fault(settings):
        return "stopped", f"The draw is not the planned one: {fault}."
    broken = [
        comparison.kpi.label.lower()
        for comparison in comparisons.values()
        if comparison.kpi.role == "guardrail" and comparison.state == "broken"
    ]
    if broken:
        return "stopped", f"A guardrail is broken: {', '.join(broken)}."
    comparison = comparisons[goal.name]
    if comparison.better:
        return "challenger", f"The challenger gains in {goal.label.lower()} for certain, and no guardrail is broken."
    if comparison.worse:
        return "champion", f"The challenger loses in {goal.label.lower()} for certain."
    return "open", f"Neither is better in {goal.label.lower()} for certain yet."


def _looks(times: "pd.Series[float]", most: int) -> list[float]:
    """Up to ``most`` evenly spaced times, the last one at the end; none without answers."""
    if times.empty:
        return []
    first, last = float(times.min()), float(times.max())
    return [first + (last - first) * (step + 1) / most for step in range(most)]
