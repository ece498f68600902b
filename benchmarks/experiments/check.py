"""Error rates of simulated experiments, as Markdown."""

from pathlib import Path
from typing import Final

from benchmarks.experiments.simulation import DAYS, SimulationResult, simulate_experiments, stopped_share
from infrastructure.documents import code_commit, publish, table
from recommender.evaluation.kpis import BY_NAME
from settings.experiment import ExperimentSettings

#: Folders that the figures follow from besides the domain.
_SOURCES: Final = (":/experiments", ":/benchmarks")
PAGE: Final = "simulated-experiments"
COMMAND: Final = "make benchmark-experiments"
_TITLES: Final = (
    "True gain",
    "Challenger found better",
    "True gain outside the always-valid interval at any look",
    "Outside a plain 95 % interval at any look",
)
#: Planned for a gain that is larger than most, so that thousands of experiments are soon done.
SETTINGS: Final = ExperimentSettings(effect=0.2)
LATENCY: Final = BY_NAME["latency"]
_GUARDED: Final = ("Slow with the champion", "Slow with the challenger", "Stopped by the guardrail at any look")
#: True shares of slow answers: the same, as many more as are allowed, and more.
_SLOW: Final = ((0.005, 0.005), (0.005, 0.015), (0.005, 0.03))


def check_experiments(settings: ExperimentSettings, experiments: int, folder: Path | None) -> None:
    """Simulate experiments with and without a true gain, and print (or write) how often the verdict is right."""
    runs = [simulate_experiments(gain, settings, experiments, seed) for seed, gain in enumerate((0.0, settings.effect))]
    slow = [(shares, stopped_share(shares, LATENCY, settings, experiments, seed)) for seed, shares in enumerate(_SLOW)]
    figures = f"{error_rates(runs, settings)}\n\n{guardrail_rates(slow)}"
    publish(figures, PAGE, folder, COMMAND)


def error_rates(results: list[SimulationResult], settings: ExperimentSettings) -> str:
    """The results of simulations, as Markdown."""
    says = (
        f"Of {results[0].experiments:,} simulated experiments each, with {results[0].customers:,} returning customers "
        f"and a look on each of {DAYS} days (planned: a gain of {settings.effect:.0%} with a chance of "
        f"{settings.power:.0%}; commit `{code_commit(*_SOURCES)}`):"
    )
    lines = ((f"{run.gain:.0%}", f"{run.found:.1%}", f"{run.wrong:.1%}", f"{run.peeking:.1%}") for run in results)
    return f"{says}\n\n{table(_TITLES, lines, 'rrrr')}"


def guardrail_rates(stopped: list[tuple[tuple[float, float], float]]) -> str:
    """How often the guardrail of slow answers stopped an experiment, by the true shares, as Markdown."""
    says = (
        f"The same experiments by {LATENCY.label.lower()}, of which the challenger may have {LATENCY.margin:.0%} "
        "of all answers more than the champion:"
    )
    lines = [(*(f"{share:.1%}" for share in shares), f"{often:.1%}") for shares, often in stopped]
    return f"{says}\n\n{table(_GUARDED, lines, 'rrr')}"
