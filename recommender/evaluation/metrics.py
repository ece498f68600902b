"""Ranking metrics of one held-out product a customer, with bootstrap intervals.

``rank`` is the held-out product's place in the list, from 0; a product that is not in it has ``MISSED``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MISSED: Final = 1_000_000
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def hit_rate(ranks: NDArray[np.int64], k: int) -> Values:
    """HR@k of each customer: 1 if the held-out product is among the first k. With one product also recall@k."""
    return (ranks < k).astype(np.float64)


def ndcg(ranks: NDArray[np.int64], k: int) -> Values:
    """NDCG@k of each customer; with one relevant product 1 / log2(rank + 2) (Järvelin and Kekäläinen, 2002)."""
    return np.where(ranks < k, 1 / np.log2(ranks + 2), 0.0)


def reciprocal_rank(ranks: NDArray[np.int64], k: int) -> Values:
    """Reciprocal rank of each customer, 0 beyond k; its mean is MRR@k, and MAP@k with one product."""
    return np.where(ranks < k, 1 / (ranks + 1), 0.0)


def coverage(lists: list[NDArray[np.int64]], products: int) -> float:
    """Share of the catalogue that is in any list."""
    return len(np.unique(np.concatenate([*lists, np.empty(0, np.int64)]))) / max(products, 1)


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


def mean_interval(values: Values, resamples: int, seed: int) -> Interval:
    """Mean over customers with its 95 % percentile-bootstrap interval (Efron, 1979)."""
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    means = bootstrap_means(values, resamples, seed)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def bootstrap_means(values: Values, resamples: int, seed: int) -> Values:
    """Means of ``resamples`` resamples of the customers, float64[resamples].

    Values that few customers differ in (hits, positions) are resampled as counts of each value, which is the
    same draw at a hundredth of the work.
    """
    rng = np.random.default_rng(seed)
    distinct, counts = np.unique(values, return_counts=True)
    drawn = rng.multinomial(len(values), counts / len(values), size=resamples)
    return drawn @ distinct / len(values)
