"""The products that the re-ranker sees for each customer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.histories import row_starts


@dataclass(frozen=True)
class Candidates:
    """Candidates of several customers, flat.

    Attributes:
        starts: int64[customers + 1]; customer i has ``products[starts[i]:starts[i + 1]]``.
        products: int64[candidates]; positions in the catalogue.
    """

    starts: NDArray[np.int64]
    products: NDArray[np.int64]

    @classmethod
    def from_lists(cls, lists: list[NDArray[np.int64]]) -> Self:
        """Join one list of products a customer."""
        lengths = np.fromiter((len(products) for products in lists), np.int64, len(lists))
        starts = row_starts(lengths)
        return cls(starts, np.concatenate([*lists, np.empty(0, np.int64)]).astype(np.int64))

    @classmethod
    def concatenated(cls, parts: "Sequence[Candidates]") -> "Candidates":
        """All customers of the parts, at least one, in their order."""
        if len(parts) == 1:
            return parts[0]
        return cls.from_lists([products for part in parts for products in part.by_customer])

    @property
    def by_customer(self) -> list[NDArray[np.int64]]:
        """Each customer's candidates."""
        return [self.products[start:stop] for start, stop in pairwise(self.starts.tolist())]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Candidates a customer, int64[customers]."""
        return self.starts[1:] - self.starts[:-1]

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The customer of each candidate, int64[candidates]."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)

    def ranks(self, scores: NDArray[np.float32]) -> NDArray[np.int64]:
        """Each candidate's place among its customer's by falling score, from 0; ties keep their order."""
        order = np.lexsort((-scores, self.owners))
        ranks = np.empty(len(scores), np.int64)
        ranks[order] = np.arange(len(scores)) - self.starts[self.owners[order]]
        return ranks


def top_k(scores: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Positions of the ``most`` largest of one customer's scores, best first; -inf is never among them.

    Of equal scores the lower position comes first, so that the answer depends on nothing but the scores.
    """
    chosen = np.arange(len(scores))
    if 0 < most < len(scores):
        # As many of every `step`-th score as are wanted of all are at least this, so at least as many of all are: the
        # sample stands in for the catalogue, whose scores are then read only once.
        step = math.isqrt(len(scores) // most)
        chosen = np.flatnonzero(scores >= _place(scores[::step], most))
        chosen = chosen[scores[chosen] >= _place(scores[chosen], most)]
    order = chosen[np.argsort(-scores[chosen], kind="stable")][:most]
    return order[scores[order] > -np.inf]


def _place(scores: NDArray[np.float32], place: int) -> np.float32:
    """The score at a place by falling score, from 1."""
    return np.partition(scores, len(scores) - place)[len(scores) - place]


def append_missing(chosen: NDArray[np.int64], more: NDArray[np.int64], products: int) -> NDArray[np.int64]:
    """``chosen`` and what of ``more`` (each once) is not yet in it, in their orders; positions among ``products``."""
    there = np.zeros(products, np.bool_)
    there[chosen] = True
    return np.concatenate([chosen, more[~there[more]]])
