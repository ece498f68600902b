"""The variants of each product: who has one of a family has the family."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.integer]


@dataclass(frozen=True)
class Families:
    """Products by family, to be looked up at each request.

    Attributes:
        order: int64[products]; products of one family stand beside each other.
        starts: int64[products]; where in ``order`` the family of each product begins.
        sizes: int64[products]; how many products the family of each product has.
        alone: Whether no product has a variant.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    alone: bool

    @classmethod
    def from_numbers(cls, family: NDArray[np.int32]) -> Self:
        """Of products with these numbers of families, int32[products]."""
        _, codes, counts = np.unique(family, return_inverse=True, return_counts=True)
        starts = np.cumsum(counts) - counts
        order = np.argsort(codes, kind="stable").astype(np.int64)
        return cls(order, starts[codes], counts[codes], bool((counts == 1).all()))

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """Each product's family, numbered without gaps: int64[products]."""
        return np.searchsorted(self._begins, self.starts).astype(np.int64)

    @cached_property
    def _begins(self) -> NDArray[np.int64]:
        """Where each family begins in ``order``, by :attr:`codes`: int64[families]."""
        return np.unique(self.starts)

    def best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Each family's best score, float32[customers, families], of those of products, float32[customers, products].

        Families stand as :attr:`codes` numbers them.
        """
        if self.alone:
            return scores[:, self.order]
        return np.maximum.reduceat(scores[:, self.order], self._begins, axis=1)

    def owned_variants(
        self, owners: NDArray[np.int64], products: Positions
    ) -> tuple[NDArray[np.int64], NDArray[np.integer]]:
        """Owner and product of each variant of what each of ``owners`` has, each once: int[found] each."""
        if self.alone:
            return owners, products
        who, family = self.owned_families(owners, products)
        firsts = self.order[self._begins[family]]
        return np.repeat(who, self.sizes[firsts]), self._variants(firsts)

    def owned_families(
        self, owners: NDArray[np.integer], products: Positions
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Owner and family, by :attr:`codes`, of what each of ``owners`` has, each once: int64[found] each."""
        pairs = np.unique(owners.astype(np.int64) * len(self.order) + self.codes[products])
        return pairs // len(self.order), pairs % len(self.order)

    def with_variants(self, products: Positions) -> Positions:
        """These products and all their variants, int[found]; a product may be there several times.

        Never more are found than there are products, whoever has many of a family of thousands.
        """
        if self.alone or not len(products):
            return products
        if self.sizes[products].sum() > len(self.order):
            return self._variants(self.order[np.unique(self.starts[products])])
        return self._variants(products)

    def _variants(self, products: Positions) -> Positions:
        """The variants of each of these products, one after another: int[found]."""
        sizes = self.sizes[products]
        ends = np.cumsum(sizes)
        first = np.repeat(self.starts[products] - (ends - sizes), sizes)
        return self.order[first + np.arange(sizes.sum())]
