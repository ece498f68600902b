"""Simple models beside the one that is judged: what a customer would get without it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from infrastructure.files import read_json, write_json
from recommender.config import RecommenderConfig
from recommender.evaluation import metrics
from recommender.evaluation.baselines.result import Result
from recommender.evaluation.baselines.trial import Trial
from recommender.evaluation.metrics import Interval
from recommender.splits import Split

BASELINES: Final = "baselines.json"


@dataclass(frozen=True)
class Baseline:
    """How one simple model did on the split.

    Attributes:
        name: As in the configuration.
        figures: Mean over customers and 95 % interval of each ranking metric, by name ("hr@10", ...).
        lists: What the lists are like, by name.
    """

    name: str
    figures: Mapping[str, Interval]
    lists: Mapping[str, float]

    @classmethod
    def of(cls, result: Result, trial: Trial) -> Self:
        """The figures of a trial's result."""
        settings = trial.config.evaluation
        values = metrics.per_customer(result.ranks, trial.owners, settings.k)
        figures = {
            f"{name}@{settings.k}": metrics.mean_interval(one, settings.resamples, trial.config.seed)
            for name, one in values.items()
        }
        return cls(result.name, figures, result.lists)


def measured_baselines(split: Split, config: RecommenderConfig) -> list[Baseline]:
    """The families that ``evaluation.baselines`` names and the data has, fitted on the split's training part.

    Raises:
        LeakError: The training part tells of what is held out.
    """
    trial = Trial(split, config)
    return [Baseline.of(result, trial) for result in trial.of_families(config.evaluation.baselines)]


def write_baselines(baselines: list[Baseline], folder: Path) -> None:
    """Write them as JSON into ``folder``."""
    write_json(folder / BASELINES, [asdict(baseline) for baseline in baselines])


def read_baselines(folder: Path) -> list[Baseline]:
    """Read what :func:`write_baselines` wrote."""
    return [
        Baseline(row["name"], {name: Interval(**one) for name, one in row["figures"].items()}, row["lists"])
        for row in read_json(folder / BASELINES)
    ]
