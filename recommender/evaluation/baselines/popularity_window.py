"""Best-sellers of which time: the window in which popularity is counted, chosen on purchases hidden below the test.

Which window is right differs from shop to shop by a factor of two or three, so that a fixed one makes popularity a weak
opponent (Ji, Sun, Zhang and Zhang, "A re-visit of the popularity baseline in recommender systems", 2020).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.config.evaluation import EvaluationSettings
from recommender.evaluation.baselines.hidden_level import HiddenLevel, hide_purchases
from recommender.evaluation.metrics import MISSED, ndcg
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.histories import Histories


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


def choose_window(histories: Histories, settings: EvaluationSettings, seed: int) -> PopularityWindow:
    """The window that finds the hidden purchases best, by NDCG; of equal ones the first of ``WINDOWS``.

    ``histories`` are those of the split's training part: the test is not looked at. Without dates, or where nothing
    can be hidden, all time.
    """
    level = hide_purchases(histories, settings, seed) if histories.has_days else None
    if level is None:
        return ALL_TIME
    return max(WINDOWS, key=lambda window: _ndcg(window.scores(level.known), level, settings.k, seed))


def _ndcg(scores: NDArray[np.float32], level: HiddenLevel, k: int, seed: int) -> float:
    """Mean NDCG of the same scores for everybody, without what the customer has."""
    order = np.lexsort((np.random.default_rng(seed).random(len(scores)), -scores))
    places = np.empty(len(scores), np.int64)
    places[order] = np.arange(len(scores))
    has = level.known.select(level.owners)  # what the customer of each hidden product has
    better = places[has.products] < places[level.products][has.owners]
    ranks = places[level.products] - np.bincount(has.owners[better], minlength=len(level.products))
    ranks[scores[level.products] <= 0] = MISSED
    return float(ndcg(ranks, k, np.unique(level.owners, return_inverse=True)[1].astype(np.int64)).mean())
