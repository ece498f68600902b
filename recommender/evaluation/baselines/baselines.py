"""Baselines: simple models to compare the evaluated one with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from infrastructure.files import read_json, write_json
from recommender.config import RecommenderConfig
from recommender.evaluation.baselines.model_comparison import ModelComparison, ModelResult
from recommender.evaluation.baselines.validation import validate_models
from recommender.evaluation.bundle_evaluation import RANK, Evaluation
from recommender.evaluation.metrics import Interval, mean_interval, metric_intervals, per_customer
from recommender.splits import Split

BASELINES: Final = "baselines.json"


@dataclass(frozen=True)
class Baseline:
    """How one simple model did on the split.

    Attributes:
        name: As in the configuration.
        figures: Mean over customers and 95 % interval of each ranking metric, by name ("hr@10", ...).
        lists: What the lists are like, by name.
        settings: What was chosen for it on validation, in words ("all time").
        validation: Its NDCG on purchases hidden below the held-out ones; None where there were none to hide.
        leads: Of the evaluated model over it, customer by customer, by metric; empty where none was compared.
    """

    name: str
    figures: Mapping[str, Interval]
    lists: Mapping[str, float]
    settings: str = ""
    validation: float | None = None
    leads: Mapping[str, Interval] = field(default_factory=dict[str, Interval])

    @classmethod
    def from_result(
        cls,
        result: ModelResult,
        comparison: ModelComparison,
        validation: float | None = None,
        model: Evaluation | None = None,
    ) -> Self:
        """The figures of a comparison's result, and how far ``model`` is ahead of it."""
        k, resamples = comparison.config.evaluation.k, comparison.config.evaluation.resamples
        found = metric_intervals(result.ranks, comparison.owners, k, resamples, comparison.config.seed)
        figures = {f"{name}@{k}": interval for name, interval in found.items()}
        leads = {} if model is None else _leads(model, result, comparison)
        return cls(result.name, figures, result.lists, result.settings, validation, leads)


def evaluate_baselines(split: Split, config: RecommenderConfig, model: Evaluation | None = None) -> list[Baseline]:
    """The models that ``evaluation.baselines`` names and the data allows, fitted on the split's training part.

    The strongest stands first: by purchases hidden below the held-out ones, as the one that does best on the test is
    known only afterwards; where none can be hidden, by the test.

    Args:
        split: What they are tested on.
        config: Names them.
        model: What they are compared with; it was evaluated on the same split.

    Raises:
        LeakError: The training part reveals what is held out.
    """
    comparison = ModelComparison(split, config)
    names = config.evaluation.baselines
    validated = validate_models(comparison, names) if names else {}
    found = [
        Baseline.from_result(result, comparison, validated.get(result.name), model)
        for result in comparison.evaluate_models(names)
    ]
    return sorted(found, key=lambda baseline: -_strength(baseline, config.evaluation.k))


def _strength(baseline: Baseline, k: int) -> float:
    return baseline.figures[f"ndcg@{k}"].value if baseline.validation is None else baseline.validation


def _leads(model: Evaluation, result: ModelResult, comparison: ModelComparison) -> dict[str, Interval]:
    """Mean differences of each metric with their intervals; both have one rank a judged product, in its order."""
    k, resamples, seed = model.k, comparison.config.evaluation.resamples, comparison.config.seed
    own = per_customer(model.judged[RANK].to_numpy().astype("int64"), comparison.owners, k)
    its = per_customer(result.ranks, comparison.owners, k)
    return {f"{name}@{k}": mean_interval(own[name] - its[name], resamples, seed, lowest=-1.0) for name in own}


def write_baselines(baselines: list[Baseline], folder: Path) -> None:
    """Write them as JSON into ``folder``."""
    write_json(folder / BASELINES, [asdict(baseline) for baseline in baselines])


def read_baselines(folder: Path) -> list[Baseline]:
    """Read what :func:`write_baselines` wrote."""
    rows: list[dict[str, Any]] = read_json(folder / BASELINES)
    return [_baseline(**row) for row in rows]


def _baseline(figures: Mapping[str, Any], leads: Mapping[str, Any], **others: Any) -> Baseline:
    return Baseline(figures=_intervals(figures), leads=_intervals(leads), **others)


def _intervals(rows: Mapping[str, Mapping[str, float]]) -> dict[str, Interval]:
    return {name: Interval(**one) for name, one in rows.items()}
