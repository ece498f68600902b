"""The hybrid: generated candidates in the re-ranker's order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import Profile
from recommender.models.candidate_generation import CandidateGenerator
from recommender.models.candidates import Candidates, append_missing, top_k
from recommender.models.diversity import diversified
from recommender.models.histories import Histories
from recommender.models.reranker.features import Features
from recommender.models.reranker.trees import Ranker

Mask = NDArray[np.bool_]
PERSONAL = "personal"


class RankingInput(NamedTuple):
    """One customer to rank products for.

    Attributes:
        history: The customer's; without one the answer comes from the profile.
        profile: The customer's.
        allowed: bool[products]; nothing else is ever returned.
    """

    history: Histories
    profile: Profile
    allowed: Mask


@dataclass(frozen=True)
class ScoredCandidates:
    """One customer's candidates as the re-ranker scored them.

    Attributes:
        products: int64[candidates]; positions in the catalogue.
        features: Of these, in their order.
        scores: float32[candidates]; the re-ranker's.
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
        scored: The re-ranker's features and scores; None where it was not used.
    """

    products: NDArray[np.int64]
    scores: NDArray[np.float32]
    path: str
    scored: ScoredCandidates | None = None


@dataclass(frozen=True)
class Hybrid:
    """The whole fitted model; without a ranker the blend alone orders the candidates."""

    generator: CandidateGenerator
    ranker: Ranker | None

    def rank(self, customers: Sequence[RankingInput]) -> list[Ranking]:
        """Order each customer's allowed candidates.

        Steps with a high fixed cost are done for all customers together. No answer depends on the other customers of
        the call: sums that would round differently with more rows are computed for each customer alone.
        """
        most = self.generator.settings.families.history
        customers = [one._replace(history=one.history.recent(most)) for one in customers]
        personal = iter(self._personal([one for one in customers if len(one.history.products)]))
        return [
            self._diversified(next(personal) if len(one.history.products) else self._without_history(one))
            for one in customers
        ]

    def _diversified(self, ranking: Ranking) -> Ranking:
        diversity = self.generator.settings.diversity
        if not diversity:
            return ranking
        order, values = diversified(ranking.scores, self.generator.similarity.within(ranking.products), diversity)
        return replace(ranking, products=ranking.products[order], scores=values)

    def extend(self, ranking: Ranking, customer: RankingInput) -> Ranking:
        """What :meth:`rank` gave a customer, and after it every other allowed product in the generator's order.

        For lists that the candidates do not fill. The products that follow score 1, 2, 3, ... below the last
        candidate: their order alone means something.
        """
        history, allowed = customer.history.recent(self.generator.settings.families.history), customer.allowed
        order = self.generator.order(history, customer.profile)
        products = append_missing(ranking.products, order[allowed[order]], len(allowed))
        below = ranking.scores.min(initial=0) - np.arange(1, len(products) - len(ranking.products) + 1)
        return replace(ranking, products=products, scores=np.concatenate([ranking.scores, below.astype(np.float32)]))

    def raised_by(
        self, concern: str, profile: Profile, scored: ScoredCandidates | None, products: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether each product's score would be lower for a customer with history who had one concern less.

        Only the re-ranker uses concerns there, so without one they raise nothing.

        Args:
            concern: One of the profile's, by its key.
            profile: The customer's.
            scored: What the re-ranker scored, with all concerns.
            products: int64[requested]; a product that the re-ranker did not score is never raised, bool[requested].
        """
        raised = np.zeros(len(products), np.bool_)
        if scored is None or self.ranker is None:
            return raised
        there, places = np.nonzero(products[:, None] == scored.products)
        others = [key for key in profile.concerns if key != concern]
        without = scored.features.with_scores("concern", self.generator.concern_efficacy.match(others, scored.products))
        raised[there] = self.ranker.scores(without.select(places)) < scored.scores[places]
        return raised

    def found_by_network(self, product: int, scored: ScoredCandidates | None) -> bool:
        """Whether a candidate is among those that the sequence network placed first."""
        if self.generator.network is None or scored is None:
            return False
        return bool(
            (scored.features["network_rank"][scored.products == product] < self.generator.network_candidates).any()
        )

    def _without_history(self, customer: RankingInput) -> Ranking:
        scores, path = self.generator.without_history(customer.profile)
        products = top_k(np.where(customer.allowed, scores, -np.inf), self.generator.settings.candidates)
        return Ranking(products, scores[products], path)

    def _personal(self, customers: Sequence[RankingInput]) -> list[Ranking]:
        """The rankings of customers with history."""
        found = [self.generator.candidates(one.history, [one.profile], [one.allowed]) for one in customers]
        if self.ranker is None or not found:
            return [_ordered(candidates.products, found_by["blend"]) for candidates, found_by in found]
        candidates = Candidates.concatenated([each for each, _ in found])
        found_by = {name: np.concatenate([scores[name] for _, scores in found]) for name in found[0][1]}
        histories = Histories.concatenated([one.history for one in customers])
        features = self.generator.features(histories, [one.profile for one in customers], candidates, found_by)
        scores = self.ranker.scores(features)
        scored = (
            ScoredCandidates(candidates.products[own], features.select(own), scores[own])
            for own in (slice(*ends) for ends in pairwise(candidates.starts.tolist()))
        )
        return [_ordered(one.products, one.scores, one) for one in scored]


def _ordered(
    products: NDArray[np.int64], scores: NDArray[np.float32], scored: ScoredCandidates | None = None
) -> Ranking:
    order = np.argsort(-scores, kind="stable")
    return Ranking(products[order], scores[order], PERSONAL, scored)
