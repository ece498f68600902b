"""An experiment as one page for people, and as JSON for programs."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis import Analysis
from experiments.comparison import Comparison
from experiments.effect import Effect
from feedback.rates import Interval
from infrastructure.files import write_json
from recommender.evaluation.kpis import Kpi
from recommender.reports import plots, wording
from recommender.reports.page import Listing, Page, Plot, Section, Table, Text
from settings.experiment import ExperimentSettings

HTML = "experiment.html"
JSON = "experiment.json"

_METHOD = (
    "Every interval holds at all looks at once (asymptotic confidence sequences, Waudby-Smith et al. 2024): the page "
    "may be opened every day and the experiment ended at any of them. Customers are counted, not answers. What a "
    "customer bought before the experiment is taken out of the difference (CUPED, Deng et al. 2013)."
)


def write_report(found: Analysis, days: list[tuple[float, Effect]], settings: ExperimentSettings, folder: Path) -> None:
    """Write the page and the JSON into ``folder``.

    Args:
        found: The latest analysis.
        days: The effect on the goal as it was at earlier times (seconds since 1970).
        settings: The experiment.
        folder: Where to.
    """
    write_json(folder / JSON, summary(found, settings))
    page(found, days, settings).write_html(folder / HTML)


def summary(found: Analysis, settings: ExperimentSettings) -> dict[str, Any]:
    """All of an analysis, as JSON keeps it."""
    measures = {
        name: {
            "champion": each.champion,
            "challenger": each.challenger,
            "effect": asdict(each.effect) if each.effect else None,
            **({"guardrail": each.state} if each.kpi.role == "guardrail" else {}),
            **({"excess": asdict(each.excess)} if each.excess else {}),
        }
        for name, each in found.comparisons.items()
    }
    return {
        "experiment": settings.name,
        "goal": settings.goal,
        "verdict": found.verdict,
        "why": found.why,
        "assignment": asdict(found.assignment),
        "measures": measures,
    }


def page(found: Analysis, days: list[tuple[float, Effect]], settings: ExperimentSettings) -> Page:
    """The page."""
    goal = found.comparisons[settings.goal]
    headline = (
        ("customers with the champion", wording.count(found.assignment.champion)),
        ("customers with the challenger", wording.count(found.assignment.challenger)),
        (f"lift in {goal.kpi.label.lower()}", _lift(goal)),
    )
    over_time = _over_time(days, goal.kpi)
    sections = (
        Section("The measures", (*((over_time,) if over_time else ()), _table(found))),
        Section("The draw", (Listing(tuple(_draw(found, settings))),)),
        Section("How to read this", (Text((_METHOD,)),)),
    )
    return Page(f"Experiment “{settings.name}”: {_TITLES[found.verdict]}", found.why, headline, sections)


_TITLES = {
    "challenger": "deploy the challenger",
    "champion": "keep the champion",
    "stopped": "stop",
    "open": "go on",
}


def _table(found: Analysis) -> Table:
    rows = tuple(
        (
            each.kpi.label,
            each.kpi.role,
            _value(each.kpi, each.champion),
            _value(each.kpi, each.challenger),
            _lift(each),
            _difference(each),
            each.state if each.kpi.role == "guardrail" else "",
        )
        for each in found.comparisons.values()
    )
    heads = ("measure", "role", "champion", "challenger", "lift", "difference", "guardrail")
    return Table("Both variants", heads, rows, "llrrrrl", "Lift and difference with intervals that hold at every look.")


def _draw(found: Analysis, settings: ExperimentSettings) -> list[str]:
    draw = found.assignment
    return [
        f"planned share of the challenger: {settings.share:g}",
        f"always-valid p-value of that share: {draw.p_value:.3g} (an alarm below {settings.sample_ratio_alarm:g})",
        f"customers who were shown both variants, and are left out: {draw.both}",
        f"customers who were shown another variant than the one drawn for them: {draw.elsewhere}",
    ]


def _over_time(days: list[tuple[float, Effect]], goal: Kpi) -> Plot | None:
    if len(days) < 2:
        return None
    times = pd.to_datetime([time for time, _ in days], unit="s", utc=True)
    svg = plots.band(times, [astuple(effect.lift) for _, effect in days], y="lift", shares=True, even=0.0)
    return Plot(
        f"Lift in {goal.label.lower()}", "The estimate by day, with the interval that holds at every look.", svg
    )


def _value(kpi: Kpi, value: float) -> str:
    return wording.share(value) if kpi.is_share else wording.amount(value)


def _lift(found: Comparison) -> str:
    return _interval(found.effect.lift) if found.effect else "too few cases"


def _interval(lift: Interval) -> str:
    return f"{lift.value:+.1%} [{lift.low:+.1%}, {lift.high:+.1%}]"


def _difference(found: Comparison) -> str:
    if found.effect is None:
        return ""
    each = found.effect.difference
    if found.kpi.is_share:
        return f"{100 * each.value:+.2f} [{100 * each.low:+.2f}, {100 * each.high:+.2f}] points"
    return f"{each.value:+.3g} [{each.low:+.3g}, {each.high:+.3g}]"
