"""Popularity over time: how often a product was used in a window before a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.histories import Histories


@dataclass(frozen=True)
class Popularity:
    """When each product was used.

    Attributes:
        starts: int64[products + 1]; product i was used on ``days[starts[i]:starts[i + 1]]``.
        days: int32[uses]; days since 1970, rising within a product, 0 where not known.
    """

    starts: NDArray[np.int64]
    days: NDArray[np.int32]

    @classmethod
    def fit(cls, histories: Histories) -> Self:
        """Sort the uses by product and day."""
        order = np.lexsort((histories.days, histories.products))
        starts = np.concatenate([[0], np.cumsum(histories.counts)]).astype(np.int64)
        return cls(starts, histories.days[order])

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Uses of each product, int64[products]."""
        return np.diff(self.starts)

    @cached_property
    def log_counts(self) -> NDArray[np.float32]:
        """Logarithm of one more than the uses of each product, float32[products]."""
        return np.log1p(self.counts).astype(np.float32)

    @cached_property
    def last_day(self) -> int:
        """The last day on which anything was used; 0 where the data has no dates."""
        return int(self.days.max(initial=0))

    @cached_property
    def _span(self) -> int:
        return self.last_day + 2

    @cached_property
    def _keys(self) -> NDArray[np.integer]:
        """Product and day of each use as one number, rising; a short one where it does: they are searched at random."""
        keys = np.repeat(np.arange(len(self.counts)), self.counts) * self._span + self.days
        return keys.astype(np.int32) if len(self.counts) * self._span <= np.iinfo(np.int32).max else keys

    def until(self, products: NDArray[np.integer], days: NDArray[np.integer]) -> NDArray[np.int64]:
        """Uses of each product up to and with a day, int64[asked]."""
        keys = products.astype(np.int64) * self._span + np.minimum(np.maximum(days, -1), self.last_day)
        return self._keys.searchsorted(keys.astype(self._keys.dtype), side="right") - self.starts.take(products)

    def within(self, products: NDArray[np.integer], days: NDArray[np.integer], window: int) -> NDArray[np.int64]:
        """Uses of each product in the ``window`` days that end with a day, int64[asked]."""
        return self.until(products, days) - self.until(products, days - window)

    def recent(self, window: int) -> NDArray[np.float32]:
        """Uses in the last ``window`` days of the data, all uses as a tie-breaker: float32[products]."""
        products = np.arange(len(self.counts))
        ends = np.full(len(products), self.last_day)
        total = np.maximum(self.counts, 1).sum()
        return (self.within(products, ends, window) + self.counts / total).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep."""
        return {"starts": self.starts, "days": self.days}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What :meth:`arrays` gave."""
        return cls(**dict[str, Any](arrays))
