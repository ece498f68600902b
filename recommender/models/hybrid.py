"""The hybrid: the first stage's candidates in the re-ranker's order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import Profile
from recommender.models.candidate_generation import FirstStage
from recommender.models.candidates import Candidates, strongest, with_more
from recommender.models.diversity import diversified
from recommender.models.histories import Histories
from recommender.models.reranker.features import Features
from recommender.models.reranker.ranker import Ranker

Mask = NDArray[np.bool_]
PERSONAL = "personal"


class Asked(NamedTuple):
    """Whom products are ranked for.

    Attributes:
        history: What the one customer used; one with nothing is answered from the profile.
        profile: The customer's.
        allowed: bool[products]; nothing else is ever returned.
    """

    history: Histories
    profile: Profile
    allowed: Mask


@dataclass(frozen=True)
class Seen:
    """What the re-ranker saw of one customer's candidates.

    Attributes:
        products: int64[candidates]; positions in the catalogue.
        features: Of these, in their order.
        scores: float32[candidates]; what it made of them.
    """

    products: NDArray[np.int64]
    features: Features
    scores: NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """One customer's products, best first.

    Attributes:
        products: int64[found]; positions in the catalogue.
        scores: float32[found], falling.
        path: "personal", "group" or "popular", as in ``recommender.contract.query.Recommendation``.
        seen: What the re-ranker ordered them by; None where none did.
    """

    products: NDArray[np.int64]
    scores: NDArray[np.float32]
    path: str
    seen: Seen | None = None


@dataclass(frozen=True)
class Hybrid:
    """The whole fitted model; without a ranker the blend alone orders the candidates."""

    first: FirstStage
    ranker: Ranker | None

    def rank(self, asked: Sequence[Asked]) -> list[Ranking]:
        """Order each customer's allowed candidates.

        What costs more to begin than to go on with is done for all customers together. No answer depends on who else
        is asked about: sums that would round otherwise with more rows are made for each customer alone.
        """
        most = self.first.settings.families.history
        asked = [one._replace(history=one.history.recent(most)) for one in asked]
        personal = iter(self._personal([one for one in asked if len(one.history.products)]))
        return [
            self._diversified(next(personal) if len(one.history.products) else self._without_history(one))
            for one in asked
        ]

    def _diversified(self, ranking: Ranking) -> Ranking:
        diversity = self.first.settings.diversity
        if not diversity:
            return ranking
        order, values = diversified(ranking.scores, self.first.likeness.within(ranking.products), diversity)
        return replace(ranking, products=ranking.products[order], scores=values)

    def extended(self, ranking: Ranking, asked: Asked) -> Ranking:
        """``ranking``, and after it every other allowed product in the first stage's order.

        For lists that the candidates do not fill. The products that follow score 1, 2, 3, ... below the last
        candidate: their order alone means something.

        Args:
            ranking: What :meth:`rank` gave the customer.
            asked: The one customer.
        """
        history, allowed = asked.history.recent(self.first.settings.families.history), asked.allowed
        order = self.first.order(history, asked.profile)
        products = with_more(ranking.products, order[allowed[order]], len(allowed))
        below = ranking.scores.min(initial=0) - np.arange(1, len(products) - len(ranking.products) + 1)
        return replace(ranking, products=products, scores=np.concatenate([ranking.scores, below.astype(np.float32)]))

    def raised_by(
        self, concern: str, profile: Profile, seen: Seen | None, products: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether each product's score would be lower for a customer with history who had one concern less.

        The re-ranker alone goes by concerns there, so without one they raise nothing.

        Args:
            concern: One of the profile's, by its key.
            profile: The customer's.
            seen: What the re-ranker saw, with all concerns.
            products: int64[asked]; one that the re-ranker did not see is raised by nothing.

        Returns:
            bool[asked].
        """
        raised = np.zeros(len(products), np.bool_)
        if seen is None or self.ranker is None:
            return raised
        there, places = np.nonzero(products[:, None] == seen.products)
        others = [key for key in profile.concerns if key != concern]
        without = seen.features.with_scores("concern", self.first.needs.match(others, seen.products))
        raised[there] = self.ranker.scores(without.of(places)) < seen.scores[places]
        return raised

    def found_by_network(self, product: int, seen: Seen | None) -> bool:
        """Whether a candidate is among those that the sequence network placed first."""
        if self.first.network is None or seen is None:
            return False
        return bool((seen.features["network_rank"][seen.products == product] < self.first.of_network).any())

    def _without_history(self, asked: Asked) -> Ranking:
        scores, path = self.first.without_history(asked.profile)
        products = strongest(np.where(asked.allowed, scores, -np.inf), self.first.settings.candidates)
        return Ranking(products, scores[products], path)

    def _personal(self, asked: Sequence[Asked]) -> list[Ranking]:
        """The rankings of customers with history."""
        found = [self.first.candidates(one.history, [one.profile], [one.allowed]) for one in asked]
        if self.ranker is None or not found:
            return [_ordered(candidates.products, found_by["blend"]) for candidates, found_by in found]
        candidates = Candidates.joined([each for each, _ in found])
        found_by = {name: np.concatenate([scores[name] for _, scores in found]) for name in found[0][1]}
        histories = Histories.joined([one.history for one in asked])
        features = self.first.features(histories, [one.profile for one in asked], candidates, found_by)
        scores = self.ranker.scores(features)
        seen = (
            Seen(candidates.products[own], features.of(own), scores[own])
            for own in (slice(*ends) for ends in pairwise(candidates.starts.tolist()))
        )
        return [_ordered(one.products, one.scores, one) for one in seen]


def _ordered(products: NDArray[np.int64], scores: NDArray[np.float32], seen: Seen | None = None) -> Ranking:
    order = np.argsort(-scores, kind="stable")
    return Ranking(products[order], scores[order], PERSONAL, seen)
