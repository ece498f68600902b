"""The benchmark's results of all models, on one draw of a split or on several together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.comparison import BenchmarkComparison
from benchmarks.quality.ratings import rating_errors
from recommender.evaluation import metrics
from recommender.evaluation.baselines.model_comparison import ModelResult
from recommender.evaluation.metrics import CustomerValues


@dataclass(frozen=True)
class ModelScores:
    """One model's metrics for each customer.

    Attributes:
        name: The model's.
        values: By metric, float64[customers].
        slices: By the name of a part of the held-out products, the same for the customers who have any in it.
        lists: What the lists are like, by name.
        seconds: What fitting took.
    """

    name: str
    values: Mapping[str, CustomerValues]
    slices: Mapping[str, Mapping[str, CustomerValues]]
    lists: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class BenchmarkResult:
    """Every model's metrics for the same customers.

    Attributes:
        customer_ids: Whom the values in ``scores`` are of, in their order.
        scores: Each model's, the hybrid's last.
        facts: What it was measured on, and everything else beside the models, as JSON keeps it.
    """

    customer_ids: Sequence[str]
    scores: Sequence[ModelScores]
    facts: Mapping[str, Any]

    def figures(self, resamples: int, seed: int) -> dict[str, Any]:
        """Every figure, as JSON keeps it; intervals are by bootstrap over the customers, with that many resamples."""
        hybrid = self.scores[-1]
        rows = [figures_row(scores, hybrid, resamples, seed) for scores in self.scores]
        return {**self.facts, "models": rows}


def benchmark_models(
    comparison: BenchmarkComparison, beside: Sequence[ModelResult] = (), tuned: Mapping[str, int] | None = None
) -> BenchmarkResult:
    """Fit and test every model on a comparison; ``beside`` are results of others on the same held-out products.

    ``tuned`` says how much was tried to choose the settings for this comparison; None where they were given.
    """
    results = [*comparison.evaluate_models(), *beside]
    hybrid, seconds = comparison.fit_hybrid()
    results.append(comparison.evaluate_hybrid(hybrid, seconds))
    facts = {
        "split": comparison.described,
        "least": comparison.least,
        "draws": 1,
        "tuned": dict(tuned or {}),
        "seed": comparison.config.seed,
        "k": comparison.config.evaluation.k,
        "tested": len(comparison.customer_ids),
        "held_out": len(comparison.held_out),
        "several": comparison.split.several,
        "products": len(comparison.data.catalogue),
        "purchases": len(comparison.known.products),
        "sizes": {name: int(mask.sum()) for name, mask in comparison.slices.items()},
        "trees": len(hybrid.ranker.trees) if hybrid.ranker else 0,
        "ratings": rating_errors(comparison),
    }
    k, owners, slices = comparison.config.evaluation.k, comparison.owners, comparison.slices
    scores = [score_result(result, k, owners, slices) for result in results]
    return BenchmarkResult(comparison.customer_ids, scores, facts)


def score_result(
    result: ModelResult, k: int, owners: NDArray[np.int64], slices: Mapping[str, NDArray[np.bool_]]
) -> ModelScores:
    """A result's metrics for each customer, in the order of their numbers.

    Args:
        result: One model's.
        k: List length.
        owners: int64[held out]; the customer of each held-out product, numbered from 0 without a gap.
        slices: By name, which of the held-out products it holds: bool[held out].
    """

    def of_slice(mask: NDArray[np.bool_]) -> Mapping[str, CustomerValues]:
        _, numbers = np.unique(owners[mask], return_inverse=True)
        return metrics.per_customer(result.ranks[mask], numbers.astype(np.int64), k)

    values = metrics.per_customer(result.ranks, owners, k)
    by_slice = {name: of_slice(mask) for name, mask in slices.items()}
    return ModelScores(result.name, values, by_slice, result.lists, result.seconds)


def figures_row(scores: ModelScores, hybrid: ModelScores, resamples: int, seed: int) -> dict[str, Any]:
    """One model's means with 95 % intervals as JSON, with the hybrid's lead over it, customer by customer."""

    def means(values: Mapping[str, CustomerValues], lowest: float = 0) -> dict[str, Any]:
        return {name: asdict(metrics.mean_interval(one, resamples, seed, lowest)) for name, one in values.items()}

    leads = {name: hybrid.values[name] - own for name, own in scores.values.items() if scores is not hybrid}
    return {
        "model": scores.name,
        **means(scores.values),
        "lists": scores.lists,
        "seconds": scores.seconds,
        "hybrid_leads_by": means(leads, lowest=-1),
        "slices": {name: means(values) for name, values in scores.slices.items()},
    }
