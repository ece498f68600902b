"""Ranking metrics of held-out products, one value a customer, with intervals over the customers.

``ranks`` are the places of held-out products in their customer's list, from 0; a product that is not in it has
``MISSED``. A product is found where any variant of it (size, pack, shade) is in the list; one without variants only
where it is itself. ``owners`` are the customers of these products, numbered from 0 without a gap; None where each has
one.
Definitions as in Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), and Manning,
Raghavan and Schütze, "Introduction to Information Retrieval" (2008), chapter 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MISSED: Final = 1_000_000
CustomerValues = NDArray[np.float64]
Owners = NDArray[np.int64] | None

_Z: Final = 1.959964
"""The standard normal's 97.5 % quantile."""


@dataclass(frozen=True)
class Interval:
    """An estimate and the ends of its interval (of 95 % where nothing else is said)."""

    value: float
    low: float
    high: float


def per_customer(ranks: NDArray[np.int64], owners: Owners, k: int) -> Mapping[str, CustomerValues]:
    """Every metric by name ("hr", "ndcg", ...), one value a customer."""
    return {
        "hr": hit_rate(ranks, k, owners),
        "ndcg": ndcg(ranks, k, owners),
        "recall": recall(ranks, k, owners),
        "precision": precision(ranks, k, owners),
        "map": average_precision(ranks, k, owners),
        "mrr": reciprocal_rank(ranks, k, owners),
    }


def metric_intervals(
    ranks: NDArray[np.int64], owners: Owners, k: int, resamples: int, seed: int
) -> dict[str, Interval]:
    """Mean over the customers of every metric by name, with its interval as of :func:`mean_interval`."""
    return {name: mean_interval(values, resamples, seed) for name, values in per_customer(ranks, owners, k).items()}


def hit_rate(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """HR@k of each customer: 1 if any held-out product is among the first k."""
    return np.minimum(_sums((ranks < k).astype(np.float64), owners), 1.0)


def recall(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """Recall@k of each customer: the share of the held-out products that is among the first k."""
    return _sums((ranks < k).astype(np.float64), owners) / _sizes(ranks, owners)


def precision(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """Precision@k of each customer: the share of the first k places that held-out products take."""
    return _sums((ranks < k).astype(np.float64), owners) / k


def ndcg(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """NDCG@k of each customer: gains 1 / log2(rank + 2), over what the best order of the list would gain."""
    gains = np.where(ranks < k, 1 / np.log2(ranks + 2), 0.0)
    best = np.cumsum(1 / np.log2(np.arange(k) + 2))
    return _sums(gains, owners) / best[np.minimum(_sizes(ranks, owners), k) - 1]


def reciprocal_rank(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """Reciprocal rank of each customer's first found product, 0 beyond k; its mean is MRR@k."""
    values = np.where(ranks < k, 1 / (ranks + 1), 0.0)
    if owners is None:
        return values
    best = np.zeros(len(_sizes(ranks, owners)))
    np.maximum.at(best, owners, values)
    return best


def average_precision(ranks: NDArray[np.int64], k: int, owners: Owners = None) -> CustomerValues:
    """Average precision of each customer; its mean is MAP@k.

    The mean, over the products that could be found in k places, of the precision up to the place of each that was.
    """
    who = np.arange(len(ranks)) if owners is None else owners
    order = np.lexsort((ranks, who))
    sizes = _sizes(ranks, owners)
    found = np.arange(len(ranks)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # found before it, of its customer
    gains = np.where(ranks[order] < k, (found + 1) / (ranks[order] + 1), 0.0)
    return _sums(gains, who[order]) / np.minimum(sizes, k)


def _sums(values: CustomerValues, owners: Owners) -> CustomerValues:
    """Sums over each customer's products."""
    return values if owners is None else np.bincount(owners, weights=values).astype(np.float64)


def _sizes(ranks: NDArray[np.int64], owners: Owners) -> NDArray[np.int64]:
    """How many held-out products each customer has."""
    return np.ones(len(ranks), np.int64) if owners is None else np.bincount(owners)


def coverage(lists: list[NDArray[np.int64]], sellable: NDArray[np.bool_]) -> float:
    """Share of the products that are ``sellable``, bool[products], that is in any list."""
    shown = np.unique(np.concatenate([*lists, np.empty(0, np.int64)]))
    return float(sellable[shown].sum() / max(sellable.sum(), 1))


def gini(lists: list[NDArray[np.int64]], products: int) -> float:
    """Gini coefficient of how often products are recommended: 0 all alike, 1 one product alone."""
    return gini_of(np.bincount(np.concatenate([*lists, np.empty(0, np.int64)]).astype(int), minlength=products))


def gini_of(counts: NDArray[np.int64]) -> float:
    """Gini coefficient of counts: 0 all alike (or nothing counted), near 1 one has everything."""
    if not counts.sum():
        return 0.0
    number = len(counts)
    places = np.arange(1, number + 1)
    return float((2 * places - number - 1) @ np.sort(counts) / (number * counts.sum()))


def mean_interval(values: CustomerValues, resamples: int, seed: int, lowest: float = 0.0) -> Interval:
    """Mean over customers with its 95 % interval: percentile bootstrap (Efron, 1979).

    Where all values are the same there is nothing to resample, and yet the mean is not certain: no hit among
    50 customers does not mean that there is never one. Then it is Wilson's score interval (1927) for a share of 0 or 1,
    stretched to the values that the metric can have.

    Args:
        values: One a customer, at most 1.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
        lowest: The least value that there can be: 0 for a metric, -1 for a difference of two.
    """
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    if values.min() == values.max():
        return _same(float(values[0]), len(values), lowest)
    return bootstrap_interval(values, resamples, seed)


def bootstrap_interval(values: CustomerValues, resamples: int, seed: int) -> Interval:
    """The mean with its 95 % percentile-bootstrap interval."""
    low, high = np.quantile(bootstrap_means(values, resamples, seed), [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def student_interval(values: CustomerValues, confidence: float = 0.95) -> Interval:
    """The mean of two values or more with Student's interval."""
    mean, error = float(values.mean()), float(stats.sem(values))
    half = float(stats.t.ppf((1 + confidence) / 2, len(values) - 1)) * error
    return Interval(mean, mean - half, mean + half)


def _same(value: float, count: int, lowest: float) -> Interval:
    """The interval of ``count`` equal values."""
    unseen = _Z**2 / (count + _Z**2)
    return Interval(value, value - unseen * (value - lowest), value + unseen * (1 - value))


def bootstrap_means(values: CustomerValues, resamples: int, seed: int) -> CustomerValues:
    """Means of ``resamples`` resamples of the customers, float64[resamples].

    CustomerValues that few customers differ in (hits, positions) are resampled as counts of each value, which is the
    same draw at a hundredth of the work.
    """
    rng = np.random.default_rng(seed)
    distinct, counts = np.unique(values, return_counts=True)
    drawn = rng.multinomial(len(values), counts / len(values), size=resamples)
    return drawn @ distinct / len(values)
