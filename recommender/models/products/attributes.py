"""Brands, categories and prices of products as codes, and how customers move from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.histories import Histories
from recommender.models.pair_table import PairTable
from recommender.models.products.catalogue import CATEGORY_SEPARATOR, Catalogue

UNKNOWN = -1


@dataclass(frozen=True)
class Attribute:
    """One attribute of all products, and the transitions between its values.

    Attributes:
        codes: int64[products]; the value's number, -1 where not known.
        transitions: float32 share of the purchases after a value (row) that had a value (column).
    """

    codes: NDArray[np.int64]
    transitions: PairTable

    @classmethod
    def fit(cls, codes: NDArray[np.int64], histories: Histories) -> Self:
        """Count the transitions between consecutive purchases."""
        from scipy import sparse  # only fitting needs it

        same = np.flatnonzero(histories.owners[1:] == histories.owners[:-1])
        before, after = codes[histories.products[same]], codes[histories.products[same + 1]]
        known = (before != UNKNOWN) & (after != UNKNOWN)
        size = int(codes.max(initial=0)) + 1
        counts = sparse.csr_matrix((np.ones(known.sum()), (before[known], after[known])), shape=(size, size))
        counts.sum_duplicates()
        totals = np.repeat(np.asarray(counts.sum(axis=1)).ravel(), np.diff(counts.indptr))
        # Adding a handful of purchases to the total keeps a rare value's one transition from counting as certain.
        shares = (counts.data / (totals + _SHRINKAGE)).astype(np.float32)[:, None]
        return cls(codes, PairTable(counts.indptr.astype(np.int64), counts.indices.astype(np.int32), shares, size))

    def same(self, one: NDArray[np.integer], other: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether two products share a known value, bool[requested]."""
        codes = self.codes[one]
        return (codes == self.codes[other]) & (codes != UNKNOWN)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep."""
        return {"codes": self.codes, **self.transitions.arrays()}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What :meth:`arrays` gave."""
        return cls(arrays["codes"], PairTable.from_parts(arrays))


_SHRINKAGE = 5.0


def brand_codes(catalogue: Catalogue) -> NDArray[np.int64]:
    """A number for each brand, int64[products]."""
    return _codes(catalogue.brands)


def category_codes(catalogue: Catalogue) -> NDArray[np.int64]:
    """A number for each whole category path, int64[products]."""
    return _codes(catalogue.categories)


def section_codes(catalogue: Catalogue) -> NDArray[np.int64]:
    """A number for each category path's first two parts, int64[products]."""
    return _codes([CATEGORY_SEPARATOR.join(path.split(CATEGORY_SEPARATOR)[:2]) for path in catalogue.categories])


def _codes(values: list[str]) -> NDArray[np.int64]:
    numbers = {value: number for number, value in enumerate(sorted({*values} - {""}))}
    return np.fromiter((numbers.get(value, UNKNOWN) for value in values), np.int64, len(values))
