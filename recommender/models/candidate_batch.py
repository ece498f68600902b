"""Customers whose candidates are described together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidates import Candidates
from recommender.models.histories import Histories

TOGETHER: Final = 16
"""Customers per batch: enough to share the fixed cost of each step, few enough for the processor's caches."""


@dataclass(frozen=True)
class CandidateBatch:
    """Several customers, each with a history and candidates; either may be empty.

    Attributes:
        histories: Theirs.
        candidates: Of the same customers, in their order.
    """

    histories: Histories
    candidates: Candidates

    def __len__(self) -> int:
        return len(self.histories)

    @cached_property
    def entries_and_candidates(self) -> list[tuple[slice, slice]]:
        """Each customer's entries in the histories, and its candidates."""
        entries, candidates = (starts.tolist() for starts in (self.histories.starts, self.candidates.starts))
        return [*zip(map(slice, entries, entries[1:]), map(slice, candidates, candidates[1:]), strict=True)]

    @cached_property
    def with_history(self) -> NDArray[np.int64]:
        """The customers with a history."""
        return self.histories.lengths.nonzero()[0]

    @cached_property
    def last(self) -> NDArray[np.int64]:
        """The last entry of each of those."""
        return self.histories.starts[self.with_history + 1] - 1

    @cached_property
    def days(self) -> list[list[int]]:
        """Of each customer's entries."""
        days: list[int] = self.histories.days.tolist()
        return [days[entries] for entries, _ in self.entries_and_candidates]

    @cached_property
    def last_days(self) -> list[int]:
        """How many entries lie on each customer's last day; without dates only the last entry does."""
        return [days.count(days[-1]) if any(days) else min(1, len(days)) for days in self.days]

    @property
    def small_batches(self) -> Iterator[tuple["CandidateBatch", slice]]:
        """Batches of few enough customers, and where the candidates of each batch are among these."""
        if len(self) <= TOGETHER:
            yield self, slice(None)
            return
        for first in range(0, len(self), TOGETHER):
            yield self._part(first, min(first + TOGETHER, len(self)))

    def _part(self, first: int, end: int) -> tuple["CandidateBatch", slice]:
        firsts = self.candidates.starts[first : end + 1]
        own = slice(firsts[0], firsts[-1])
        candidates = Candidates(firsts - firsts[0], self.candidates.products[own])
        return CandidateBatch(self.histories.select(np.arange(first, end)), candidates), own
