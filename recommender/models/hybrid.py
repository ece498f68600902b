"""The hybrid: the first stage's candidates in the re-ranker's order."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidates import strongest, with_more
from recommender.models.diversity import diversified
from recommender.models.first_stage import FirstStage
from recommender.models.histories import Histories
from recommender.models.ranker import Ranker
from recommender.models.ranking_features import Features
from recommender.query import Profile

Mask = NDArray[np.bool_]
PERSONAL = "personal"


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
        path: "personal", "group" or "popular", as in ``recommender.query.Recommendation``.
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

    def rank(self, history: Histories, profile: Profile, allowed: Mask) -> Ranking:
        """Order one customer's allowed candidates.

        One by one, so that no answer depends on who else is asked about: sums over more rows round otherwise.

        Args:
            history: What the one customer used; one with nothing is answered from the profile.
            profile: The customer's.
            allowed: bool[products]; nothing else is ever returned.
        """
        history = history.recent(self.first.settings.families.history)
        if len(history.products):
            return self._diversified(self._personal(history, profile, allowed))
        return self._diversified(self._without_history(profile, allowed))

    def _diversified(self, ranking: Ranking) -> Ranking:
        diversity = self.first.settings.diversity
        if not diversity:
            return ranking
        order, values = diversified(ranking.scores, self.first.likeness.within(ranking.products), diversity)
        return replace(ranking, products=ranking.products[order], scores=values)

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

    def _without_history(self, profile: Profile, allowed: Mask) -> Ranking:
        scores, path = self.first.without_history(profile)
        products = strongest(np.where(allowed, scores, -np.inf), self.first.settings.candidates)
        return Ranking(products, scores[products], path)

    def _personal(self, history: Histories, profile: Profile, allowed: Mask) -> Ranking:
        candidates, found_by = self.first.candidates(history, [profile], [allowed])
        scores, seen = found_by["blend"], None
        if self.ranker is not None:
            features = self.first.features(history, [profile], candidates, found_by)
            scores = self.ranker.scores(features)
            seen = Seen(candidates.products, features, scores)
        order = np.argsort(-scores, kind="stable")
        return Ranking(candidates.products[order], scores[order], PERSONAL, seen)
