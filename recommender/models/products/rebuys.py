"""Which products people buy again, and after how long: from gaps between a customer's purchases of one product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

_SHRINKAGE = 20.0
"""Buyers (and gaps) of the next wider circle that are mixed into a product's and a category's own figures."""

Middle: TypeAlias = Callable[
    [NDArray[np.floating], NDArray[np.int64], int], tuple[NDArray[np.float64], NDArray[np.int64]]
]
"""Mean or median: of values, the group of each and how many groups there are; each group's, and its size."""


@dataclass(frozen=True)
class Rebuys:
    """How products are bought again; purchases without a date do not count.

    Shares and gaps are shrunk from all products to the category's and from there to the product's, as in
    ``recommender.models.candidate_models.customer_groups``; gaps on the scale of logarithms, where they spread alike
    for short and long ones.

    Attributes:
        again: int32[products]; customers who bought the product on more than one day.
        share: float32[products]; share of the buyers who did, shrunk; NaN without any purchase.
        gap: float32[products]; median days between two purchases of one customer, shrunk; NaN where nobody bought
            anything again.
        last_day: The last day of the data, in days since 1970.
    """

    again: NDArray[np.int32]
    share: NDArray[np.float32]
    gap: NDArray[np.float32]
    last_day: int

    @classmethod
    def fit(
        cls,
        customers: NDArray[np.integer],
        products: NDArray[np.integer],
        days: NDArray[np.integer],
        categories: NDArray[np.int64],
    ) -> Self:
        """Count what was bought again.

        Args:
            customers: int[purchases]; a number for each customer.
            products: int[purchases]; positions in the catalogue.
            days: int[purchases]; days since 1970. Several purchases of one day are one.
            categories: int64[products]; a number for each category, -1 where not known.
        """
        size = len(categories)
        rows = np.unique(np.stack([customers, products, days], axis=1).astype(np.int64), axis=0)
        same = (rows[1:, :2] == rows[:-1, :2]).all(axis=1)
        gaps, owners = np.diff(rows[:, 2])[same], rows[1:, 1][same]
        pairs, times = np.unique(rows[:, :2], axis=0, return_counts=True)
        again = times > 1
        return cls(
            again=np.bincount(pairs[again, 1], minlength=size).astype(np.int32),
            share=_shrunk(again.astype(np.float64), pairs[:, 1], categories, _means).astype(np.float32),
            gap=np.exp(_shrunk(np.log(gaps), owners, categories, _medians)).astype(np.float32),
            last_day=int(rows[:, 2].max(initial=0)),
        )

    def of_families(self, family: NDArray[np.int32]) -> Self:
        """The figures of each product's family, which stand at the position that ``family``, int32[products], names."""
        return replace(self, again=self.again[family], share=self.share[family], gap=self.gap[family])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep."""
        return {"again": self.again, "share": self.share, "gap": self.gap, "last_day": np.array([self.last_day])}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What :meth:`arrays` gave."""
        return cls(arrays["again"], arrays["share"], arrays["gap"], int(arrays["last_day"][0]))


def _shrunk(
    values: NDArray[np.floating], products: NDArray[np.int64], categories: NDArray[np.int64], middle: Middle
) -> NDArray[np.float64]:
    """The middle of each product's values, mixed with its category's, mixed with everything's: float64[products].

    NaN where there is no value at all.
    """
    if not len(values):
        return np.full(len(categories), np.nan)
    # A product of no known category belongs to circle 0, which takes all values.
    circles = categories + 1
    everything = middle(values, np.zeros(len(values), np.int64), 1)[0]
    in_circle = _mixed(values, circles[products], middle, np.repeat(everything, circles.max() + 1))
    in_circle[0] = everything[0]
    return _mixed(values, products, middle, in_circle[circles])


def _mixed(
    values: NDArray[np.floating], groups: NDArray[np.int64], middle: Middle, wider: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The middle of each group's values, with that of the wider circle around it, float64[groups]."""
    own, counts = middle(values, groups, len(wider))
    return (counts * own + _SHRINKAGE * wider) / (counts + _SHRINKAGE)


def _means(
    values: NDArray[np.floating], groups: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Mean and number of each group's values; 0 for an empty one."""
    counts = np.bincount(groups, minlength=size)
    return np.bincount(groups, values, minlength=size) / np.maximum(counts, 1), counts


def _medians(
    values: NDArray[np.floating], groups: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Median and number of each group's values; 0 for an empty one."""
    counts = np.bincount(groups, minlength=size)
    starts = np.cumsum(counts) - counts
    ordered = np.append(values[np.lexsort((values, groups))], 0.0)
    low, high = starts + np.maximum(counts - 1, 0) // 2, starts + counts // 2
    return np.where(counts > 0, (ordered[low] + ordered[high]) / 2, 0.0), counts
