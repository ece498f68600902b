"""Baselines: simple models to compare the evaluated one with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from infrastructure.files import read_json, write_json
from recommender.config import RecommenderConfig
from recommender.evaluation.baselines.model_comparison import ModelComparison, ModelResult
from recommender.evaluation.metrics import Interval, metric_intervals
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
    def from_result(cls, result: ModelResult, comparison: ModelComparison) -> Self:
        """The figures of a comparison's result."""
        k, resamples = comparison.config.evaluation.k, comparison.config.evaluation.resamples
        found = metric_intervals(result.ranks, comparison.owners, k, resamples, comparison.config.seed)
        return cls(result.name, {f"{name}@{k}": interval for name, interval in found.items()}, result.lists)


def evaluate_baselines(split: Split, config: RecommenderConfig) -> list[Baseline]:
    """The models that ``evaluation.baselines`` names and the data allows, fitted on the split's training part.

    Raises:
        LeakError: The training part reveals what is held out.
    """
    comparison = ModelComparison(split, config)
    return [
        Baseline.from_result(result, comparison) for result in comparison.evaluate_models(config.evaluation.baselines)
    ]


def write_baselines(baselines: list[Baseline], folder: Path) -> None:
    """Write them as JSON into ``folder``."""
    write_json(folder / BASELINES, [asdict(baseline) for baseline in baselines])


def read_baselines(folder: Path) -> list[Baseline]:
    """Read what :func:`write_baselines` wrote."""
    return [
        Baseline(row["name"], {name: Interval(**one) for name, one in row["figures"].items()}, row["lists"])
        for row in read_json(folder / BASELINES)
    ]
