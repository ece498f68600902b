"""How products are bought: along with how many others, and how early in a customer's life."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.bundle import ArrayParts
from recommender.models.histories import Histories

_SHRINKAGE: Final = 5.0
"""Interactions of an average product mixed in, so that a product's only interaction does not count as its habit."""


@dataclass(frozen=True)
class VisitStatistics(ArrayParts):
    """Of each product, the visits that it was bought in; a visit is all that a customer bought on one day.

    Without dates nothing is known of visits, and all products are alike.

    Attributes:
        size: float32[products]; products bought in the visit, on average.
        shared: float32[products]; share of the visits in which something else was bought, too.
        first: float32[products]; share of the visits that were the customer's first.
    """

    size: NDArray[np.float32]
    shared: NDArray[np.float32]
    first: NDArray[np.float32]

    @classmethod
    def fit(cls, histories: Histories) -> Self:
        """Count the visits of each product."""
        if not histories.has_days:
            alike = np.ones(histories.product_count, np.float32)
            return cls(alike, alike, alike)
        sizes = _sizes(histories)
        return cls(*(_means(histories, values) for values in (sizes, sizes > 1, histories.visits == 0)))


def _sizes(histories: Histories) -> NDArray[np.int64]:
    """How many entries each entry's visit has, itself included: int64[entries]."""
    begins = (np.diff(histories.owners, prepend=-1) != 0) | (np.diff(histories.visits, prepend=-1) != 0)
    number = np.cumsum(begins) - 1
    return np.bincount(number)[number]


def _means(histories: Histories, values: NDArray[np.int64 | np.bool_]) -> NDArray[np.float32]:
    """Mean by product of a value of each entry, shrunk to the mean of all: float32[products]."""
    sums = np.bincount(histories.products, values, minlength=histories.product_count)
    return ((sums + _SHRINKAGE * values.mean()) / (histories.counts + _SHRINKAGE)).astype(np.float32)
