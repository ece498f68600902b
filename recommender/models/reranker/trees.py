"""Boosted regression trees that are walked by all rows at once: a bit a row, a node's bits the rows that come there.

Equal tests of any trees are made once, for all rows, as in Ye et al., "RapidScorer: Fast Tree Ensemble Evaluation by
Maximizing Compactness in Data Level Parallelization" (KDD 2018). The rows that come to a node then go on to its
children by two operations on bits, and numpy makes those of a whole level of all trees together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.bundle import ArrayParts
from recommender.models.reranker.features import Features

MOST_LEAVES: Final = 256
"""Leaves a tree may have: they are numbered by a byte."""

_ROWS_AT_ONCE: Final = 1280
"""The rows of sixteen customers with eighty candidates each: what is known of them stays in the processor's cache."""
_VALUES_AT_ONCE: Final = 1 << 17
"""Values that are compared at once, for the same reason."""

Bits = NDArray[np.uint8]


class _Level(NamedTuple):
    """The nodes with children that are as far from their roots as each other, of all trees.

    Attributes:
        nodes: int64[nodes]; their places among all nodes.
        tests: int64[nodes].
        left: Where their left children are among all nodes, in the same order.
        right: Where their right children are.
    """

    nodes: NDArray[np.int64]
    tests: NDArray[np.int64]
    left: slice
    right: slice


@dataclass(frozen=True)
class Trees(ArrayParts):
    """Trees whose tests are all of the kind "is the feature at most the threshold"; rows that pass go left.

    Nodes are numbered level by level: first the trees' roots, then, for each level, the left and then the right
    children of those of its nodes that have any. One more, the last, is where no row ever comes.

    Attributes:
        features: int32[tests]; the row of the block of features that a test looks at.
        thresholds: float32[tests].
        failing: int64[1]; how many of the tests, the first ones, fail where the value is not known (NaN).
        levels: int64[levels + 1]; level i has the nodes with children ``levels[i]:levels[i + 1]``, as counted below.
        nodes: int32[nodes with children]; their numbers, level by level.
        tests: int32[nodes with children]; what they ask.
        ends: int32[leaves, trees]; the numbers of each tree's leaves, left to right, the last node's where it has
            fewer. There are a power of two of leaves, two at least.
        leaves: float64[trees, leaves]; the leaves' values.
    """

    features: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    failing: NDArray[np.int64]
    levels: NDArray[np.int64]
    nodes: NDArray[np.int32]
    tests: NDArray[np.int32]
    ends: NDArray[np.int32]
    leaves: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.leaves)

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of the trees' values, float32[rows], for float32[features, rows]."""
        rows = features.shape[1]
        if rows <= _ROWS_AT_ONCE:
            return self._scores(features)
        cuts = range(_ROWS_AT_ONCE, rows, _ROWS_AT_ONCE)
        return np.concatenate([self._scores(part) for part in np.split(features, cuts, axis=1)])

    def _scores(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        numbers = self._numbers(self._coming(self._failed(_in_eights(features))))
        # Tree by tree, as LightGBM adds; the rows that fill up the last eight are summed, too, so that one row alone
        # is not added up in another order.
        sums = self.leaves.take(numbers + self._offsets).sum(axis=0)
        return sums[: features.shape[1]].astype(np.float32)

    def _failed(self, features: NDArray[np.float32]) -> Bits:
        """Which rows fail each test, uint8[tests, rows / 8]."""
        failing, tests = int(self.failing[0]), len(self.features)
        failed = np.empty((tests, features.shape[1]), np.bool_)
        self._compare(np.less_equal, features, failed, 0, failing)
        self._compare(np.greater, features, failed, failing, tests)
        bits = np.packbits(failed).reshape(tests, features.shape[1] // 8)
        # The first tests were compared with "less or equal", which is not the contrary of "greater" for unknown values.
        np.invert(bits[:failing], out=bits[:failing])
        return bits

    def _compare(
        self, how: np.ufunc, features: NDArray[np.float32], found: NDArray[np.bool_], first: int, end: int
    ) -> None:
        """Write down which rows' values compare with the tests' thresholds."""
        step = max(_VALUES_AT_ONCE // max(features.shape[1], 1), 1)
        for start in range(first, end, step):
            own = slice(start, min(start + step, end))
            how(features.take(self._features[own], axis=0), self._thresholds[own], out=found[own])

    def _coming(self, failed: Bits) -> Bits:
        """Which rows come to each node, uint8[nodes, rows / 8]."""
        coming = np.empty((2 * len(self.nodes) + len(self) + 1, failed.shape[1]), np.uint8)
        coming[: len(self)] = 0xFF
        coming[-1] = 0
        for nodes, tests, left, right in self._levels:
            all_ = coming.take(nodes, axis=0)
            np.bitwise_and(all_, failed.take(tests, axis=0), out=coming[right])
            np.bitwise_xor(all_, coming[right], out=coming[left])
        return coming

    def _numbers(self, coming: Bits) -> Bits:
        """The number of the leaf that each row comes to in each tree, uint8[trees, rows].

        Bit by bit, the highest first: it is set for rows that come to a leaf of the upper half. What is left are the
        leaves' numbers without that bit.
        """
        width = coming.shape[1]
        leaves = coming.take(self._ends, axis=0).reshape(self.leaves.shape[1], -1)
        numbers = np.zeros((len(self), 8 * width), np.uint8)
        while len(leaves) > 1:
            lower, upper = np.split(leaves, 2)
            digit = np.unpackbits(np.bitwise_or.reduce(upper, axis=0).reshape(len(self), width), axis=1)
            numbers += numbers
            numbers |= digit
            leaves = lower | upper
        return numbers

    @cached_property
    def _features(self) -> NDArray[np.int64]:
        return self.features.astype(np.int64)

    @cached_property
    def _thresholds(self) -> NDArray[np.float32]:
        return self.thresholds[:, None]

    @cached_property
    def _levels(self) -> list[_Level]:
        nodes, tests = self.nodes.astype(np.int64), self.tests.astype(np.int64)
        found: list[_Level] = []
        children = len(self)
        for start, end in pairwise(self.levels.tolist()):
            size = end - start
            left, right = slice(children, children + size), slice(children + size, children := children + 2 * size)
            found.append(_Level(nodes[start:end], tests[start:end], left, right))
        return found

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return self.ends.ravel().astype(np.int64)

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        """Where each tree's leaves begin, int64[trees, 1]."""
        return np.arange(len(self))[:, None] * self.leaves.shape[1]


@dataclass(frozen=True)
class Ranker:
    """Orders candidates by their features (fitted by ``recommender.models.reranker.fitting``).

    Attributes:
        names: Of the features that the trees ask for, in their order.
        trees: Over these features.
        text: The same model in LightGBM's own format, for inspection; "" where it was not read.
    """

    names: tuple[str, ...]
    trees: Trees
    text: str = ""

    def scores(self, features: Features) -> NDArray[np.float32]:
        """float32[candidates]; higher is better, comparable within one customer."""
        return self.trees.scores(features.rows(self.names))

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], names: Sequence[str]) -> Self:
        """The re-ranker of the trees' arrays and the names from JSON."""
        return cls(tuple(names), Trees.from_parts(arrays))


def _in_eights(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """The features with as many rows of 0 behind them as fill up a byte's bits."""
    rows = features.shape[1]
    filled = np.zeros((len(features), rows + -rows % 8), np.float32)
    filled[:, :rows] = features
    return filled
