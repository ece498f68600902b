"""Popularity over time: a product's interactions in a window before a day."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.bundle import ArrayParts
from recommender.models.histories import Histories, row_starts


@dataclass(frozen=True)
class Popularity(ArrayParts):
    """The days of each product's interactions.

    Attributes:
        starts: int64[products + 1]; product i's interactions were on ``days[starts[i]:starts[i + 1]]``.
        days: int32[interactions]; days since 1970, rising within a product, 0 where not known.
    """

    starts: NDArray[np.int64]
    days: NDArray[np.int32]

    @classmethod
    def fit(cls, histories: Histories) -> Self:
        """Sort the interactions by product and day."""
        order = np.lexsort((histories.days, histories.products))
        starts = row_starts(histories.counts)
        return cls(starts, histories.days[order])

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Interactions with each product, int64[products]."""
        return np.diff(self.starts)

    @cached_property
    def log_counts(self) -> NDArray[np.float32]:
        """Logarithm of one more than the interactions with each product, float32[products]."""
        return np.log1p(self.counts).astype(np.float32)

    @cached_property
    def last_day(self) -> int:
        """The last day with any interaction; 0 where the data has no dates."""
        return int(self.days.max(initial=0))

    @cached_property
    def _span(self) -> int:
        return self.last_day + 2

    @cached_property
    def _keys(self) -> NDArray[np.integer]:
        """Product and day of each interaction as one rising number, of 32 bits if they suffice: faster to search."""
        keys = np.repeat(np.arange(len(self.counts)), self.counts) * self._span + self.days
        return keys.astype(np.int32) if len(self.counts) * self._span <= np.iinfo(np.int32).max else keys

    def until(self, products: NDArray[np.integer], days: NDArray[np.integer]) -> NDArray[np.int64]:
        """Interactions with each product up to and including a day, int64[requested]."""
        keys = products.astype(np.int64) * self._span + np.minimum(np.maximum(days, -1), self.last_day)
        return self._keys.searchsorted(keys.astype(self._keys.dtype), side="right") - self.starts.take(products)

    def within(self, products: NDArray[np.integer], days: NDArray[np.integer], window: int) -> NDArray[np.int64]:
        """Interactions with each product in the ``window`` days that end with a day, int64[requested]."""
        return self.until(products, days) - self.until(products, days - window)

    def recent(self, window: int) -> NDArray[np.float32]:
        """Interactions in the last ``window`` days of the data, with all as a tie-breaker: float32[products]."""
        products = np.arange(len(self.counts))
        ends = np.full(len(products), self.last_day)
        total = np.maximum(self.counts, 1).sum()
        return (self.within(products, ends, window) + self.counts / total).astype(np.float32)
