"""Best-sellers of which time: the window in which popularity is counted, chosen on purchases hidden below the test.

Which window is right differs from shop to shop by a factor of two or three, so that a fixed one makes popularity a weak
opponent (Ji, Sun, Zhang and Zhang, "A re-visit of the popularity baseline in recommender systems", 2020).
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.config.evaluation import EvaluationSettings
from recommender.evaluation.baselines.hidden_level import HiddenLevel, hide_purchases
from recommender.evaluation.metrics import MISSED, ndcg
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.histories import Histories
from recommender.models.products.families import Families


@dataclass(frozen=True)
class PopularityWindow:
    """How much a purchase counts by its age: all alike, those of the last ``days``, or less by ``half_life`` days."""

    days: int | None = None
    half_life: int | None = None

    @property
    def label(self) -> str:
        """In words: "all time", "the last 90 days"."""
        if self.half_life is not None:
            return f"all time, half as much every {self.half_life} days"
        return "all time" if self.days is None else f"the last {self.days} days"

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Purchases of each product before the data's last day, with all as a tie-breaker: float32[products]."""
        popularity = Popularity.fit(histories)
        if self.days is not None:
            return popularity.recent(self.days)
        if self.half_life is None:
            return popularity.counts.astype(np.float32)
        age = popularity.last_day - histories.days.astype(np.float64)
        recent = np.bincount(histories.products, weights=0.5 ** (age / self.half_life), minlength=len(histories.counts))
        return (recent + histories.counts / max(1, histories.counts.sum()) / 2**20).astype(np.float32)


ALL_TIME: Final = PopularityWindow()
WINDOWS: Final = (
    ALL_TIME,
    *(PopularityWindow(days=days) for days in (365, 180, 90, 30)),
    PopularityWindow(half_life=90),
)


def choose_window(
    histories: Histories, families: Families, settings: EvaluationSettings, seed: int
) -> PopularityWindow:
    """The window that finds the hidden purchases best, by NDCG; of equal ones the first of ``WINDOWS``.

    ``histories`` are those of the split's training part: the test is not looked at. Without dates, or where nothing
    can be hidden, all time. As in the evaluation a list has one product of each family, and none that the customer has.
    """
    level = hide_purchases(histories, settings, seed) if histories.has_days else None
    if level is None:
        return ALL_TIME
    asked = _AskedFamilies.from_level(level.of_new_families(families), families)
    return max(WINDOWS, key=lambda window: asked.ndcg(window.scores(level.known), families, settings.k, seed))


@dataclass(frozen=True)
class _AskedFamilies:
    """The families that are to be found, and those that their customers have.

    Attributes:
        hidden: int64[hidden]; the family of each hidden product.
        customers: int64[hidden]; the customer of each, numbered without gaps.
        owners: int64[had]; of each family that is had by a hidden product's customer, the place of that product.
        had: int64[had]; that family, once for each hidden product.
    """

    hidden: NDArray[np.int64]
    customers: NDArray[np.int64]
    owners: NDArray[np.int64]
    had: NDArray[np.int64]

    @classmethod
    def from_level(cls, level: HiddenLevel, families: Families) -> Self:
        has = level.known.select(level.owners)  # what the customer of each hidden product has
        owners, had = families.owned_families(has.owners, has.products)
        customers = np.unique(level.owners, return_inverse=True)[1].astype(np.int64)
        return cls(families.codes[level.products], customers, owners, had)

    def ndcg(self, scores: NDArray[np.float32], families: Families, k: int, seed: int) -> float:
        """Mean NDCG of the same scores for everybody, without what the customer has."""
        best = families.best(scores[None])[0]
        order = np.lexsort((np.random.default_rng(seed).random(len(best)), -best))
        places = np.empty(len(best), np.int64)
        places[order] = np.arange(len(best))
        better = places[self.had] < places[self.hidden][self.owners]
        ranks = places[self.hidden] - np.bincount(self.owners[better], minlength=len(self.hidden))
        ranks[best[self.hidden] <= 0] = MISSED
        return float(ndcg(ranks, k, self.customers).mean())
