"""Customers whose candidates are described together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidates import Candidates
from recommender.models.histories import Histories


@dataclass(frozen=True)
class Batch:
    """Several customers, each with a history and candidates; either may be empty.

    Attributes:
        histories: Theirs.
        candidates: Of the same customers, in their order.
    """

    histories: Histories
    candidates: Candidates

    def __len__(self) -> int:
        """How many customers there are."""
        return len(self.histories)

    @cached_property
    def each(self) -> list[tuple[slice, slice]]:
        """Each customer's entries in the histories, and its candidates."""
        entries, candidates = (starts.tolist() for starts in (self.histories.starts, self.candidates.starts))
        return [*zip(map(slice, entries, entries[1:]), map(slice, candidates, candidates[1:]), strict=True)]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many candidates each customer has."""
        return self.candidates.starts[1:] - self.candidates.starts[:-1]

    @cached_property
    def with_history(self) -> NDArray[np.int64]:
        """The customers who have used something."""
        return self.histories.lengths.nonzero()[0]

    @cached_property
    def last(self) -> NDArray[np.int64]:
        """The last entry of each of those."""
        return self.histories.starts[self.with_history + 1] - 1

    @cached_property
    def days(self) -> list[list[int]]:
        """Of each customer's entries."""
        days: list[int] = self.histories.days.tolist()
        return [days[entries] for entries, _ in self.each]

    @cached_property
    def last_days(self) -> list[int]:
        """How many entries lie on each customer's last day; without dates only the last entry does."""
        return [days.count(days[-1]) if any(days) else min(1, len(days)) for days in self.days]

    def parts(self, most: int) -> Iterator[tuple["Batch", slice]]:
        """Batches of ``most`` customers, and where the candidates of each batch are among these."""
        if len(self) <= most:
            yield self, slice(None)
            return
        for first in range(0, len(self), most):
            yield self._part(first, min(first + most, len(self)))

    def _part(self, first: int, end: int) -> tuple["Batch", slice]:
        starts, firsts = self.histories.starts[first : end + 1], self.candidates.starts[first : end + 1]
        entries, own = slice(starts[0], starts[-1]), slice(firsts[0], firsts[-1])
        histories = Histories(
            starts=starts - starts[0],
            products=self.histories.products[entries],
            days=self.histories.days[entries],
            product_count=self.histories.product_count,
        )
        return Batch(histories, Candidates(firsts - firsts[0], self.candidates.products[own])), own
