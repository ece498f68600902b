"""What the benchmark finds of one model, and the figures that follow."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED, Interval


@dataclass(frozen=True)
class Result:
    """One model's places of the held-out products.

    Attributes:
        name: The model's.
        ranks: int64[tested]; place of each customer's held-out product, from 0.
        coverage: Share of the catalogue in any customer's list.
        seconds: What fitting took.
    """

    name: str
    ranks: NDArray[np.int64]
    coverage: float
    seconds: float


@dataclass(frozen=True)
class Measure:
    """How results become figures.

    Attributes:
        k: List length.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
        slices: By name, which of the tested customers it holds: bool[tested].
    """

    k: int
    resamples: int
    seed: int
    slices: Mapping[str, NDArray[np.bool_]]

    def row(self, result: Result, hybrid: Result) -> dict[str, Any]:
        """All figures of one result as JSON, with the hybrid's lead over it, customer by customer."""
        ours, theirs = self._values(hybrid.ranks), self._values(result.ranks)
        leads = {name: ours[name] - theirs[name] for name in ours} if result is not hybrid else {}
        return {
            "model": result.name,
            **self._figures(theirs),
            "coverage": result.coverage,
            "seconds": result.seconds,
            "hybrid_leads_by": self._figures(leads),
            "slices": {name: self._figures(self._values(result.ranks[mask])) for name, mask in self.slices.items()},
        }

    def _figures(self, values: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
        """Mean and 95 % interval of each metric."""
        return {name: asdict(self._interval(one)) for name, one in values.items()}

    def _interval(self, values: NDArray[np.float64]) -> Interval:
        return metrics.mean_interval(values, self.resamples, self.seed)

    def _values(self, ranks: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Each customer's metrics."""
        return {"hr": metrics.hit_rate(ranks, self.k), "ndcg": metrics.ndcg(ranks, self.k)}


def places(lists: list[NDArray[np.int64]], held_out: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each customer's held-out product in the customer's list, from 0; ``MISSED`` where it is not there."""
    found = (np.flatnonzero(products == product) for products, product in zip(lists, held_out, strict=True))
    return np.array([place[0] if len(place) else MISSED for place in found], np.int64)
