"""What the benchmark finds of one model, what that is worth to each customer, and the figures that follow."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED

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
class Scores:
    """What one model is worth to each customer.

    Attributes:
        name: The model's.
        values: By metric, float64[customers].
        slices: By the name of a part of the held-out products, the same for the customers who have any in it.
        lists: What the lists are like, by name.
        seconds: What fitting took.
    """

    name: str
    values: Mapping[str, Values]
    slices: Mapping[str, Mapping[str, Values]]
    lists: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Measure:
    """How results become scores.

    Attributes:
        k: List length.
        owners: int64[held out]; the customer of each held-out product, numbered from 0 without a gap.
        slices: By name, which of the held-out products it holds: bool[held out].
    """

    k: int
    owners: NDArray[np.int64]
    slices: Mapping[str, NDArray[np.bool_]]

    def scores(self, result: Result) -> Scores:
        """What a result is worth to each customer, in the order of their numbers."""
        values = metrics.per_customer(result.ranks, self.owners, self.k)
        slices = {name: self._part(result.ranks, mask) for name, mask in self.slices.items()}
        return Scores(result.name, values, slices, result.lists, result.seconds)

    def _part(self, ranks: NDArray[np.int64], mask: NDArray[np.bool_]) -> Mapping[str, Values]:
        """Each customer's metrics, by the held-out products of a mask alone."""
        _, owners = np.unique(self.owners[mask], return_inverse=True)
        return metrics.per_customer(ranks[mask], owners.astype(np.int64), self.k)


@dataclass(frozen=True)
class Figures:
    """How scores become figures: means with 95 % intervals, by bootstrap over the customers.

    Attributes:
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
    """

    resamples: int
    seed: int

    def row(self, scores: Scores, hybrid: Scores) -> dict[str, Any]:
        """All figures of one model as JSON, with the hybrid's lead over it, customer by customer."""
        leads = {name: hybrid.values[name] - own for name, own in scores.values.items() if scores is not hybrid}
        return {
            "model": scores.name,
            **self._means(scores.values),
            "lists": scores.lists,
            "seconds": scores.seconds,
            "hybrid_leads_by": self._means(leads, lowest=-1),
            "slices": {name: self._means(values) for name, values in scores.slices.items()},
        }

    def _means(self, values: Mapping[str, Values], lowest: float = 0) -> dict[str, Any]:
        """Mean and 95 % interval of each metric."""
        return {
            name: asdict(metrics.mean_interval(one, self.resamples, self.seed, lowest)) for name, one in values.items()
        }


def places(
    lists: Sequence[NDArray[np.int64]], owners: NDArray[np.int64], held_out: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Place of each held-out product in its owner's list, from 0; ``MISSED`` where it is not there."""
    found = (np.flatnonzero(lists[owner] == product) for owner, product in zip(owners, held_out, strict=True))
    return np.array([place[0] if len(place) else MISSED for place in found], np.int64)
