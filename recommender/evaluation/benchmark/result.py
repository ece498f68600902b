"""What the benchmark finds of one model, and the figures that follow."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED, Interval

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """One model's places of the held-out products.

    Attributes:
        name: The model's.
        ranks: int64[held out]; place of each held-out product in its customer's list, from 0.
        lists: What the lists are like, by name.
        seconds: What fitting took.
    """

    name: str
    ranks: NDArray[np.int64]
    lists: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Measure:
    """How results become figures.

    Attributes:
        k: List length.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
        owners: int64[held out]; the customer of each held-out product, numbered from 0 without a gap.
        slices: By name, which of the held-out products it holds: bool[held out].
    """

    k: int
    resamples: int
    seed: int
    owners: NDArray[np.int64]
    slices: Mapping[str, NDArray[np.bool_]]

    def row(self, result: Result, hybrid: Result) -> dict[str, Any]:
        """All figures of one result as JSON, with the hybrid's lead over it, customer by customer."""
        ours, theirs = self._values(hybrid.ranks), self._values(result.ranks)
        leads = {name: ours[name] - theirs[name] for name in ours} if result is not hybrid else {}
        return {
            "model": result.name,
            **self._figures(theirs),
            "lists": result.lists,
            "seconds": result.seconds,
            "hybrid_leads_by": self._figures(leads, lowest=-1),
            "slices": {name: self._figures(self._values(result.ranks, mask)) for name, mask in self.slices.items()},
        }

    def _figures(self, values: Mapping[str, Values], lowest: float = 0) -> dict[str, Any]:
        """Mean and 95 % interval of each metric."""
        return {name: asdict(self._interval(one, lowest)) for name, one in values.items()}

    def _interval(self, values: Values, lowest: float) -> Interval:
        return metrics.mean_interval(values, self.resamples, self.seed, lowest)

    def _values(self, ranks: NDArray[np.int64], mask: NDArray[np.bool_] | None = None) -> Mapping[str, Values]:
        """Each customer's metrics, by the held-out products of a mask alone."""
        if mask is None:
            return metrics.per_customer(ranks, self.owners, self.k)
        _, owners = np.unique(self.owners[mask], return_inverse=True)
        return metrics.per_customer(ranks[mask], owners.astype(np.int64), self.k)


def places(
    lists: Sequence[NDArray[np.int64]], owners: NDArray[np.int64], held_out: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Place of each held-out product in its owner's list, from 0; ``MISSED`` where it is not there."""
    found = (np.flatnonzero(lists[owner] == product) for owner, product in zip(owners, held_out, strict=True))
    return np.array([place[0] if len(place) else MISSED for place in found], np.int64)
