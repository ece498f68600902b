"""The hybrid: the first stage's candidates in the re-ranker's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidates import strongest
from recommender.models.diversity import diversified
from recommender.models.first_stage import FirstStage
from recommender.models.histories import Histories
from recommender.models.ranker import Ranker
from recommender.query import Profile

Mask = NDArray[np.bool_]
PERSONAL = "personal"


@dataclass(frozen=True)
class Ranking:
    """One customer's products, best first.

    Attributes:
        products: int64[found]; positions in the catalogue.
        scores: float32[found], falling.
        path: "personal", "group" or "popular", as in ``recommender.query.Recommendation``.
    """

    products: NDArray[np.int64]
    scores: NDArray[np.float32]
    path: str


@dataclass(frozen=True)
class Hybrid:
    """The whole fitted model; without a ranker the blend alone orders the candidates."""

    first: FirstStage
    ranker: Ranker | None

    def rank(self, histories: Histories, profiles: Sequence[Profile], allowed: Sequence[Mask]) -> list[Ranking]:
        """Order the allowed candidates of each customer.

        Args:
            histories: What the customers used; one with nothing is answered from the profile.
            profiles: One a customer.
            allowed: bool[products] a customer; nothing else is ever returned.
        """
        histories = histories.recent(self.first.settings.families.history)
        known: list[int] = np.flatnonzero(histories.lengths > 0).tolist()
        rankings: list[Any] = [None] * len(histories)
        for customer in np.flatnonzero(histories.lengths == 0).tolist():
            rankings[customer] = self._without_history(profiles[customer], allowed[customer])
        if known:
            chosen = self._personal(
                histories.select(np.array(known)), [profiles[i] for i in known], [allowed[i] for i in known]
            )
            for customer, ranking in zip(known, chosen, strict=True):
                rankings[customer] = ranking
        return [self._diversified(ranking) for ranking in rankings]

    def _diversified(self, ranking: Ranking) -> Ranking:
        diversity = self.first.settings.diversity
        if not diversity:
            return ranking
        order, values = diversified(ranking.scores, self.first.likeness.within(ranking.products), diversity)
        return Ranking(ranking.products[order], values, ranking.path)

    def extended(self, ranking: Ranking, history: Histories, profile: Profile, allowed: Mask) -> Ranking:
        """``ranking``, and after it every other allowed product in the first stage's order.

        For lists that the candidates do not fill. The products that follow score 1, 2, 3, ... below the last
        candidate: their order alone means something.

        Args:
            ranking: What :meth:`rank` gave the customer.
            history: The one customer's.
            profile: The customer's.
            allowed: bool[products].
        """
        order = self.first.order(history.recent(self.first.settings.families.history), profile)
        rest = order[allowed[order] & ~np.isin(order, ranking.products)]
        below = ranking.scores.min(initial=0) - np.arange(1, len(rest) + 1)
        return Ranking(
            np.concatenate([ranking.products, rest]),
            np.concatenate([ranking.scores, below.astype(np.float32)]),
            ranking.path,
        )

    def _without_history(self, profile: Profile, allowed: Mask) -> Ranking:
        scores, path = self.first.without_history(profile)
        products = strongest(np.where(allowed, scores, -np.inf), self.first.settings.candidates)
        return Ranking(products, scores[products], path)

    def _personal(self, histories: Histories, profiles: Sequence[Profile], allowed: Sequence[Mask]) -> list[Ranking]:
        candidates, found_by = self.first.candidates(histories, profiles, allowed)
        scores = found_by["blend"]
        if self.ranker is not None:
            scores = self.ranker.scores(self.first.features(histories, profiles, candidates, found_by))
        order = np.lexsort((-scores, candidates.owners))
        return [
            Ranking(candidates.products[part], scores[part], PERSONAL)
            for part in np.split(order, candidates.starts[1:-1])
        ]
