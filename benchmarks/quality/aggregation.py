"""Several draws of a split as one: a customer's value is the mean over the draws in which the customer is tested.

Figures and intervals are then over customers, who are resampled with all their draws: draws hide different products of
the same histories, so they are no independent ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.results import BenchmarkResult, ModelScores
from infrastructure.errors import ConfigError
from recommender.evaluation.metrics import student_interval


def check_draws(comparison: BenchmarkComparison, draws: int) -> None:
    """Refuse several draws where the split draws nothing: each would be the same.

    Raises:
        ConfigError: It draws nothing, or fewer than one draw is requested.
    """
    if draws == 1 or (draws > 1 and comparison.drawn):
        return
    raise ConfigError(
        "The split cannot be drawn so often.",
        where="the command line",
        field="--draws",
        value=draws,
        expected="1 or more"
        if comparison.drawn
        else "1, as dates say what is held out, or the split random or customers",
    )


def mean_over_draws(draws: Sequence[BenchmarkResult]) -> BenchmarkResult:
    """One outcome from that of each draw.

    Slices and errors of ratings are left out, and so is a model that any draw lacks.
    """
    customer_ids = np.unique(np.concatenate([draw.customer_ids for draw in draws]))
    first = draws[0].facts
    facts = {
        **first,
        "draws": len(draws),
        "tested": len(customer_ids),
        "held_out": sum(draw.facts["held_out"] for draw in draws),
        "several": any(draw.facts["several"] for draw in draws),
        "purchases": min(draw.facts["purchases"] for draw in draws),
        "sizes": {},
        "trees": max(draw.facts["trees"] for draw in draws),
        "ratings": {},
    }
    by_name = [{scores.name: scores for scores in draw.scores} for draw in draws]
    shared = [name for name in by_name[0] if all(name in found for found in by_name)]
    scores = [_mean([found[name] for found in by_name], [draw.customer_ids for draw in draws]) for name in shared]
    return BenchmarkResult(customer_ids.tolist(), scores, facts)


def _mean(draws: Sequence[ModelScores], customer_ids: Sequence[Sequence[str]]) -> ModelScores:
    """One model's scores; its customers are those of any draw, sorted."""
    _, owners = np.unique(np.concatenate(customer_ids), return_inverse=True)
    tested = np.bincount(owners)
    together = {name: np.concatenate([draw.values[name] for draw in draws]) for name in draws[0].values}
    values = {name: np.bincount(owners, weights=one) / tested for name, one in together.items()}
    seconds = float(np.mean([draw.seconds for draw in draws]))
    return ModelScores(draws[0].name, values, {}, _lists([draw.lists for draw in draws]), seconds)


def _lists(draws: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each figure that all draws have."""
    shared = [name for name in draws[0] if all(name in lists for lists in draws)]
    return {name: float(np.mean([lists[name] for lists in draws])) for name in shared}


_INTERVAL: Final = {"value", "low", "high"}


def mean_over_folds(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One set of figures from those of each fold, which stay in it under ``folds``.

    Intervals are Student's, over the folds: what differs from one period to the next counts, and few periods
    make them wide. Later folds learn from what earlier ones were tested on, so they are no independent draws.
    """
    first = folds[0]
    return {
        **{name: first[name] for name in ("least", "draws", "tuned", "seed", "k", "products")},
        "split": f"{len(folds)} rolling origins: mean and interval over the folds",
        "tested": sum(fold["tested"] for fold in folds),
        "held_out": sum(fold["held_out"] for fold in folds),
        "several": any(fold["several"] for fold in folds),
        "purchases": min(fold["purchases"] for fold in folds),
        "sizes": {},
        "trees": max(fold["trees"] for fold in folds),
        "models": [_model([fold["models"][place] for fold in folds]) for place in range(len(first["models"]))],
        "ratings": {},
        "folds": list(folds),
    }


def _model(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One model's figures; what a fold lacks is left out."""
    merged = {name: _merged([row[name] for row in rows]) for name in rows[0] if name not in ("model", "slices")}
    return {"model": rows[0]["model"], "slices": {}, **merged}


def _merged(values: Sequence[Any]) -> Any:
    """Intervals and numbers as their mean over the folds, mappings of them part by part."""
    if not isinstance(values[0], Mapping):
        return float(np.mean(values))
    parts: Sequence[Mapping[str, Any]] = values
    if {*parts[0]} == _INTERVAL:
        return asdict(student_interval(np.array([part["value"] for part in parts])))
    shared = [name for name in parts[0] if all(name in part for part in parts)]
    return {name: _merged([part[name] for part in parts]) for name in shared}
