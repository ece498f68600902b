"""Quality of recommended lists beyond accuracy: coverage, novelty, diversity, popularity bias."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.metrics import coverage, gini
from recommender.models.products.catalogue import Catalogue

ProductList = NDArray[np.int64]


@dataclass(frozen=True)
class CatalogueStatistics:
    """What lists are compared with.

    Attributes:
        counts: int64[products]; customers of each product in training.
        customers: How many customers there are in training.
        categories: int64[products]; a number for each category, -1 where not known.
        sellable: bool[products]; what may be shown to anybody: what is in stock.
    """

    counts: NDArray[np.int64]
    customers: int
    categories: NDArray[np.int64]
    sellable: NDArray[np.bool_]

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue, counts: NDArray[np.int64], customers: int) -> Self:
        """The catalogue's products, with as many customers each."""
        _, numbers = np.unique(np.array(catalogue.categories), return_inverse=True)
        known = np.array(catalogue.categories) != ""
        return cls(counts, customers, np.where(known, numbers, -1), catalogue.in_stock)


def list_quality(
    lists: Sequence[ProductList], owned: Sequence[ProductList], statistics: CatalogueStatistics
) -> dict[str, float]:
    """Figures of a model's lists, by name.

    Args:
        lists: The products recommended to each customer.
        owned: The products that each customer has; empty where nothing is known.
        statistics: What the lists are compared with.

    Returns:
        coverage (share of the sellable products in any list); gini (inequality of how often products are
        recommended, 0 all alike); novelty (mean -log2 of the share of customers who used a recommended product, in
        bits: Zhou et al. 2010); diversity (of two products in one list, how often their categories differ: intra-list
        distance as in Ziegler et al. 2005), where categories are known; popularity_lift (how much more often used the
        recommended products are than those the same customers have, as a share: 0 alike, 1 twice as often;
        Abdollahpouri et al. 2019), where anything is owned.
    """
    found = {
        "coverage": coverage([*lists], statistics.sellable),
        "gini": gini([*lists], len(statistics.counts)),
        "novelty": _mean([_novelty(one, statistics) for one in lists]),
        "diversity": _mean([_diversity(statistics.categories[one]) for one in lists]),
        "popularity_lift": _popularity_lift(lists, owned, statistics),
    }
    return {name: value for name, value in found.items() if value is not None}


def _novelty(products: ProductList, statistics: CatalogueStatistics) -> float | None:
    if not len(products):
        return None
    # A product without customers counts as if it had one, so that the value stays finite.
    shares = np.maximum(statistics.counts[products], 1) / max(statistics.customers, 1)
    return float(-np.log2(np.minimum(shares, 1)).mean())


def _diversity(categories: ProductList) -> float | None:
    """Share of the pairs of known categories that differ; None with fewer than two."""
    _, sizes = np.unique(categories[categories >= 0], return_counts=True)
    count = int(sizes.sum())
    if count < 2:
        return None
    return float(1 - (sizes * (sizes - 1)).sum() / (count * (count - 1)))


def _popularity_lift(
    lists: Sequence[ProductList], owned: Sequence[ProductList], statistics: CatalogueStatistics
) -> float | None:
    """Mean use of recommended products over mean use of owned ones, less 1; each customer weighs the same."""
    pairs = [(one, has) for one, has in zip(lists, owned, strict=True) if len(one) and len(has)]
    if not pairs:
        return None
    recommended = np.mean([statistics.counts[one].mean() for one, _ in pairs])
    before = np.mean([statistics.counts[has].mean() for _, has in pairs])
    return float(recommended / before - 1) if before else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
