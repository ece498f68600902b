"""Customers' purchase sequences as flat arrays: what every model is fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse


def row_starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of several rows of these lengths starts when they are joined, and the end: int64[rows + 1]."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def at_most(customers: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    """All customers, or ``most`` of them where there are more, drawn by the seed and in their order."""
    if len(customers) <= most:
        return customers
    return np.sort(np.random.default_rng(seed).choice(customers, most, replace=False))


@dataclass(frozen=True)
class Histories:
    """Each customer's interactions, oldest first.

    Attributes:
        starts: int64[customers + 1]; customer i has the entries ``starts[i]:starts[i + 1]``.
        products: int32[entries]; index of the product in the catalogue.
        days: int32[entries]; days since 1970, all 0 where the data has no dates.
        product_count: How many products the catalogue has.
    """

    starts: NDArray[np.int64]
    products: NDArray[np.int32]
    days: NDArray[np.int32]
    product_count: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def from_sequences(
        cls, sequences: Sequence[Sequence[int]], days: Sequence[Sequence[int]], product_count: int
    ) -> Self:
        """Build from one list of product indices, and one of days, per customer."""
        lengths = np.fromiter((len(s) for s in sequences), np.int64, len(sequences))
        return cls(
            starts=row_starts(lengths),
            products=np.array([p for s in sequences for p in s], np.int32),
            days=np.array([d for s in days for d in s], np.int32),
            product_count=product_count,
        )

    @classmethod
    def of_one_customer(cls, products: Sequence[int], days: Sequence[int], product_count: int) -> Self:
        """One customer's."""
        starts = np.array([0, len(products)], np.int64)
        return cls(starts, np.array(products, np.int32), np.array(days, np.int32), product_count)

    @classmethod
    def concatenated(cls, parts: Sequence["Histories"]) -> "Histories":
        """All customers of the parts, at least one, in their order."""
        if len(parts) == 1:
            return parts[0]
        lengths = np.concatenate([part.lengths for part in parts])
        return cls(
            starts=row_starts(lengths),
            products=np.concatenate([part.products for part in parts]),
            days=np.concatenate([part.days for part in parts]),
            product_count=parts[0].product_count,
        )

    def with_baskets(self, baskets: "Histories") -> "Histories":
        """These customers and then the baskets, as if each were one more; itself without any.

        The days of baskets count only where those of customers are known.
        """
        if not len(baskets.products):
            return self
        days = baskets.days if self.has_days else np.zeros_like(baskets.days)
        return Histories.concatenated([self, replace(baskets, days=days)])

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many entries each customer has, int64[customers]."""
        return self.starts[1:] - self.starts[:-1]

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The customer of each entry, int64[entries]."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def steps_back(self) -> NDArray[np.int64]:
        """How many entries of the same customer follow each entry, int64[entries]; 0 for the last."""
        return self.starts[1:][self.owners] - 1 - np.arange(len(self.products))

    @cached_property
    def visits(self) -> NDArray[np.int64]:
        """How many earlier days with an interaction the same customer has, for each entry: int64[entries]."""
        before = np.concatenate([[0], np.cumsum(np.diff(self.days) != 0)]).astype(np.int64)[: len(self.days)]
        return before - before[self.starts[:-1][self.owners]]

    @cached_property
    def has_days(self) -> bool:
        """Whether the data is dated."""
        return bool(self.days.any())

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many interactions each product has, int64[products]."""
        return np.bincount(self.products, minlength=self.product_count)

    def keep(self, mask: NDArray[np.bool_]) -> Self:
        """Only the entries where ``mask`` is true; every customer stays, some perhaps with none."""
        lengths = np.bincount(self.owners[mask], minlength=len(self))
        return type(self)(
            starts=row_starts(lengths),
            products=self.products[mask],
            days=self.days[mask],
            product_count=self.product_count,
        )

    @cached_property
    def is_last(self) -> NDArray[np.bool_]:
        """Whether each entry is the last of a customer who has others, bool[entries]."""
        return (self.steps_back == 0) & (self.lengths[self.owners] > 1)

    def random_entries(self, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
        """A random ``share`` (rounded, at least one) of the entries of each customer who has several, bool[entries].

        One entry of each customer is never among them.
        """
        order = np.lexsort((rng.random(len(self.products)), self.owners))
        most = np.clip(np.rint(self.lengths * share), 1, np.maximum(self.lengths - 1, 0))
        chosen = np.zeros(len(self.products), np.bool_)
        chosen[order] = (np.arange(len(order)) - self.starts[:-1][self.owners]) < most[self.owners]
        return chosen

    def without_last(self) -> Self:
        """Each customer's sequence less its last entry; a customer's only entry stays."""
        return self.keep(~self.is_last)

    def last(self) -> NDArray[np.int64]:
        """The product that :meth:`without_last` hides, int64[customers]; -1 where it hides none."""
        found = np.full(len(self), -1, np.int64)
        has = self.lengths > 1
        found[has] = self.products[self.starts[1:][has] - 1]
        return found

    def recent(self, most: int) -> Self:
        """Only each customer's last ``most`` entries."""
        if self.lengths.max(initial=0) <= most:
            return self
        return self.keep(self.steps_back < most)

    def select(self, customers: NDArray[np.int64]) -> Self:
        """Only these customers, in this order."""
        lengths = self.lengths[customers]
        starts = row_starts(lengths)
        entries = np.arange(starts[-1]) - np.repeat(starts[:-1] - self.starts[customers], lengths)
        return type(self)(starts, self.products[entries], self.days[entries], self.product_count)

    def matrix(self, weights: NDArray[np.float32] | None = None) -> "sparse.csr_matrix":
        """Customers × products with the (summed) weight of each interaction, or 1 for any."""
        from scipy import sparse  # only fitting needs it

        values = np.ones(len(self.products), np.float32) if weights is None else weights
        shape = (len(self), self.product_count)
        # A copy: scipy sorts a matrix's indices in place, and these are the sequences themselves.
        used = sparse.csr_matrix((values, self.products, self.starts), shape=shape, copy=True)
        used.sum_duplicates()
        if weights is None:
            used.data[:] = 1.0
        return used
