"""The variants of each product: who has one of a family has the family."""

from dataclasses import dataclass
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

    def with_variants(self, products: Positions) -> Positions:
        """These products and all their variants, int[found]; a product may be there several times."""
        if self.alone or not len(products):
            return products
        sizes = self.sizes[products]
        ends = np.cumsum(sizes)
        first = np.repeat(self.starts[products] - (ends - sizes), sizes)
        return self.order[first + np.arange(ends[-1])]
