"""The report of an experiment: a page for people, and JSON for programs."""

from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis import Analysis
from experiments.comparison import VariantComparison
from experiments.effect import TreatmentEffect
from infrastructure.files import write_json
from recommender.evaluation.kpis import Kpi
from recommender.reports import plots, wording
from recommender.reports.page import Listing, Page, Plot, Section, Table, Text
from settings.experiment import ExperimentSettings

EXPERIMENT_PAGE = "experiment.html"
EXPERIMENT_JSON = "experiment.json"

_METHOD = (
    "Every interval holds at all looks at once (asymptotic confidence sequences, Waudby-Smith et al. 2024): the page "
    "may be opened every day and the experiment ended at any of them. Customers are counted, not answers. What a "
    "customer bought before the experiment is taken out of the difference (CUPED, Deng et al. 2013)."
)


def write_experiment_report(
    analysis: Analysis,
    days: list[tuple[float, TreatmentEffect]],
    settings: ExperimentSettings,
    folder: Path,
    about: str = "",
) -> None:
    """Write page and JSON into ``folder``; ``days`` has the effect on the goal by time, in seconds since 1970.

    ``about`` is what :func:`recommender.reports.page.about_text` says of it.
    """
    write_json(folder / EXPERIMENT_JSON, experiment_summary(analysis, settings))
    page = replace(experiment_page(analysis, days, settings), about=about)
    page.write_html(folder / EXPERIMENT_PAGE)


def experiment_summary(analysis: Analysis, settings: ExperimentSettings) -> dict[str, Any]:
    """All of an analysis, for JSON."""
    measures = {
        name: {
            "champion": comparison.champion,
            "challenger": comparison.challenger,
            "effect": asdict(comparison.effect) if comparison.effect else None,
            **({"guardrail": comparison.state} if comparison.kpi.role == "guardrail" else {}),
            **({"excess": asdict(comparison.excess)} if comparison.excess else {}),
        }
        for name, comparison in analysis.comparisons.items()
    }
    return {
        "experiment": settings.name,
        "goal": settings.goal,
        "verdict": analysis.verdict,
        "why": analysis.why,
        "assignment": asdict(analysis.assignment),
        "measures": measures,
    }


def experiment_page(
    analysis: Analysis, days: list[tuple[float, TreatmentEffect]], settings: ExperimentSettings
) -> Page:
    """The page."""
    goal = analysis.comparisons[settings.goal]
    headline = (
        ("customers with the champion", wording.count(analysis.assignment.champion)),
        ("customers with the challenger", wording.count(analysis.assignment.challenger)),
        (f"lift in {goal.kpi.label.lower()}", _lift(goal)),
    )
    over_time = _over_time(days, goal.kpi)
    sections = (
        Section("The measures", (*((over_time,) if over_time else ()), _table(analysis))),
        Section("The assignment of customers", (Listing(tuple(_assignment(analysis, settings))),)),
        Section("How to read this", (Text((_METHOD,)),)),
    )
    return Page(f"Experiment “{settings.name}”: {_TITLES[analysis.verdict]}", analysis.why, headline, sections)


_TITLES = {
    "challenger": "deploy the challenger",
    "champion": "keep the champion",
    "stopped": "stop",
    "open": "go on",
}


def _table(analysis: Analysis) -> Table:
    rows = tuple(
        (
            comparison.kpi.label,
            comparison.kpi.role,
            _value(comparison.kpi, comparison.champion),
            _value(comparison.kpi, comparison.challenger),
            _lift(comparison),
            _difference(comparison),
            comparison.state if comparison.kpi.role == "guardrail" else "",
        )
        for comparison in analysis.comparisons.values()
    )
    heads = ("measure", "role", "champion", "challenger", "lift", "difference", "guardrail")
    return Table("Both variants", heads, rows, "llrrrrl", "Lift and difference with intervals that hold at every look.")


def _assignment(analysis: Analysis, settings: ExperimentSettings) -> list[str]:
    assignment, alarm = analysis.assignment, settings.sample_ratio_alarm
    return [
        f"planned share of the challenger: {settings.share:g}",
        f"always-valid p-value of that share: {_p_value(assignment.p_value)} (an alarm below {wording.plain(alarm)})",
        f"customers who were shown both variants, and are left out: {assignment.both}",
        f"customers who were shown another variant than the assigned one: {assignment.elsewhere}",
    ]


def _over_time(days: list[tuple[float, TreatmentEffect]], goal: Kpi) -> Plot | None:
    if len(days) < 2:
        return None
    times = pd.to_datetime([time for time, _ in days], unit="s", utc=True)
    svg = plots.band(times, [astuple(effect.lift) for _, effect in days], y="lift", shares=True, even=0.0)
    return Plot(
        f"Lift in {goal.label.lower()}", "The estimate by day, with the interval that holds at every look.", svg
    )


def _value(kpi: Kpi, value: float) -> str:
    return wording.share(value) if kpi.is_share else wording.amount(value)


def _lift(comparison: VariantComparison) -> str:
    if comparison.effect is None:
        return "too few cases"
    lift = comparison.effect.lift
    return f"{lift.value:+.1%} [{lift.low:+.1%}, {lift.high:+.1%}]"


def _difference(comparison: VariantComparison) -> str:
    if comparison.effect is None:
        return ""
    change = comparison.effect.difference
    if comparison.kpi.is_share:
        return f"{100 * change.value:+.2f} [{100 * change.low:+.2f}, {100 * change.high:+.2f}] points"
    return f"{_signed(change.value)} [{_signed(change.low)}, {_signed(change.high)}]"


def _signed(number: float) -> str:
    return f"{'+' if number >= 0 else '-'}{wording.amount(abs(number))}"


def _p_value(value: float) -> str:
    return f"{value:.4f}" if value >= 0.0001 else "under 0.0001"
