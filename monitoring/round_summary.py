"""What a round of monitoring found and did, told to a person."""

from rich.console import Console

from feedback.live_metrics import Figures, told
from monitoring.drift import Drift
from monitoring.rounds import Round
from recommender.evaluation.kpis import BY_NAME


def tell(console: Console, found: Round) -> None:
    """Print a round in a few lines; without a terminal they are plain."""
    for line in lines(found):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def lines(found: Round) -> list[str]:
    """A round as lines of text."""
    evidence, decision = found.findings.evidence, found.decision
    parts = [
        f"champion     {evidence.champion}, {evidence.age_days:.1f} days old, {evidence.new_rows} new events",
        f"performance  {_performance(found.findings.performance)}",
        f"drift        {_drift(found.findings.drift)}",
        *(f"             {_moved(name, each)}" for name, each in found.findings.answers.items()),
        *(f"for          {name}: {text}" for name, text in decision.reasons.items()),
        *(f"against      {name}: {text}" for name, text in decision.blocks.items()),
        f"trigger      {'retrain' if decision.retrain else 'stay quiet'}  ({found.record})",
    ]
    return [*parts, f"outcome      {found.outcome}"] if found.outcome else parts


def _performance(found: Figures) -> str:
    measures = [f"{BY_NAME[name].label.lower()} {told(BY_NAME[name], value)}" for name, value in found.kpis.items()]
    return ", ".join([f"{found.answers} answers", *measures])


def _drift(found: Drift | None) -> str:
    if found is None:
        return "too few purchases to compare"
    return _moved("purchases", found)


def _moved(what: str, found: Drift) -> str:
    columns = ", ".join(f"{name} {found.columns[name].score:.2f}" for name in found.drifted) or "none"
    return f"{len(found.drifted)} of {len(found.columns)} columns drifted ({columns}) in {found.current_rows} {what}"
