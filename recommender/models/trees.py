"""Boosted regression trees as tables: what each feature's value leaves possible, instead of walks from root to leaf.

After Lucchese et al., "QuickScorer: A Fast Algorithm to Rank Documents with Additive Ensembles of Regression Trees"
(SIGIR 2015): a tree's leaves are bits, a test that fails takes the leaves on its left away, and the first leaf left is
the one that a walk would reach. Here all tests of one feature are looked up at once, by the place of its value among
the thresholds, so that numpy works on all rows and trees together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

MOST_LEAVES: Final = 64
"""Leaves a tree may have: the bits of the largest integer."""

_ROWS_AT_ONCE: Final = 640
"""The bits of so many rows stay in the processor's cache: those of eight customers with eighty candidates each."""


@dataclass(frozen=True)
class Trees:
    """Trees whose tests are all of the kind "is the feature at most the threshold", read left to right.

    Attributes:
        thresholds: float32[features, places]; rising, filled up with infinity. There are a power of two of places,
            and the last is where a value that is not known (NaN) stands.
        possible: uint32 or uint64[features, places, trees]; bit j is set where leaf j is possible.
        leaves: float64[trees, leaves]; the leaves' values, left to right.
    """

    thresholds: NDArray[np.float32]
    possible: NDArray[np.uint32] | NDArray[np.uint64]
    leaves: NDArray[np.float64]

    def __len__(self) -> int:
        """How many trees there are."""
        return len(self.leaves)

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of the trees' values, float32[rows], for float32[features, rows]."""
        rows = features.shape[1]
        if rows <= _ROWS_AT_ONCE:
            return self._scores(features)
        cuts = range(_ROWS_AT_ONCE, rows, _ROWS_AT_ONCE)
        return np.concatenate([self._scores(part) for part in np.split(features, cuts, axis=1)])

    def _scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        bits = self.possible.dtype.type
        left = np.full((features.shape[1], len(self)), ~bits(0))
        looked_up = np.empty_like(left)
        for places in self._places(features):
            # "clip" only because it then writes into `out` itself: no place is ever outside.
            self._rows.take(places, axis=0, out=looked_up, mode="clip")
            np.bitwise_and(left, looked_up, out=left)
        first = np.bitwise_count((left & -left) - bits(1))
        return self.leaves.take(first + self._offsets).sum(axis=1).astype(np.float32)

    def _places(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        """The place of each value among its feature's thresholds, as a row of all features' places below each other.

        A binary search for all values at once: numpy's own goes value by value and takes twice as long.
        """
        size = self.thresholds.shape[1]
        places = np.repeat(self._first[:, None], features.shape[1], axis=1)
        step = size // 2
        while step:
            # The negation of "at most" and not "more than": a value that is not known goes to the last place.
            places += ~(features <= self._thresholds.take(places + (step - 1))) * np.int64(step)
            step //= 2
        return places

    @cached_property
    def _rows(self) -> NDArray[np.uint32] | NDArray[np.uint64]:
        return self.possible.reshape(-1, len(self))

    @cached_property
    def _thresholds(self) -> NDArray[np.float32]:
        return self.thresholds.ravel()

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """Each feature's first row."""
        return np.arange(len(self.thresholds)) * self.thresholds.shape[1]

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        """Where each tree's leaves begin."""
        return np.arange(len(self)) * self.leaves.shape[1]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep."""
        return {"thresholds": self.thresholds, "possible": self.possible, "leaves": self.leaves}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What :meth:`arrays` gave."""
        return cls(**dict[str, Any](arrays))
