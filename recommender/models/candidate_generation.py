"""Candidate generation: the candidates of each customer, and the features that the re-ranker scores them by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import ModelSettings
from recommender.contract.query import Profile
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.customer_traits import CONCERN, CustomerTraits
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.candidates import Candidates, append_missing, top_k
from recommender.models.diversity import ProductSimilarity
from recommender.models.histories import Histories
from recommender.models.network.network import Network
from recommender.models.products.attributes import Attribute
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.models.reranker.features import Features, Sources, ranking_features

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CandidateGenerator:
    """The first of the two stages: everything that is fitted on one set of histories, except the re-ranker.

    Without a network, only the blend of item-to-item models finds candidates.
    """

    settings: ModelSettings
    neighbours: Neighbours
    popularity: Popularity
    visits: VisitStatistics
    attributes: Mapping[str, Attribute]
    price: NDArray[np.float32]
    groups: CustomerGroups
    concern_efficacy: ConcernEfficacy
    traits: CustomerTraits
    network: Network | None = None

    def candidates(
        self, histories: Histories, profiles: Sequence[Profile], allowed: Sequence[Mask]
    ) -> tuple[Candidates, dict[str, Scores]]:
        """The strongest allowed products by the blend, filled up with the group's, and by the network: each its share.

        Returns:
            The candidates, and their scores by what found them: "blend" and, where there is a network, "network".
        """
        by = {"blend": self.neighbours.scores(histories)}
        most = self.network_candidates
        asked = zip(by["blend"], profiles, allowed, strict=True)
        lists = [self._chosen(*one, self.settings.candidates - most) for one in asked]
        if self.network is not None:
            by["network"] = self.network.scores(histories)
            lists = [
                append_missing(chosen, top_k(np.where(mask, scores, -np.inf), most), len(scores))
                for chosen, scores, mask in zip(lists, by["network"], allowed, strict=True)
            ]
        of_chosen = {name: _of_each(scores, lists) for name, scores in by.items()}
        return Candidates.from_lists(lists), of_chosen

    def features(
        self, histories: Histories, profiles: Sequence[Profile], candidates: Candidates, found_by: Mapping[str, Scores]
    ) -> Features:
        """The re-ranker's features of candidates; ``found_by`` are their scores as of :meth:`candidates`."""
        group, concern = np.zeros((2, len(candidates.products)), np.float32)
        first = 0
        for profile, products in zip(profiles, candidates.by_customer, strict=True):
            own = slice(first, first := first + len(products))
            group[own] = self.groups.scores(profile).take(products)
            if profile.concerns:
                concern[own] = self.concern_efficacy.match(profile.concerns, products)
        return ranking_features(self._sources, histories, candidates, {**found_by, "group": group, "concern": concern})

    def without_history(self, profile: Profile) -> tuple[Scores, str]:
        """Scores for a customer without history, float32[products], and the path of the answer ("group" or "popular").

        What people with the same traits buy (all customers' recent purchases where no trait is known), raised by
        how well a product's ingredients serve the :meth:`concerns_without_trait`.
        """
        known = bool(self.traits.known(profile))
        shares = self.traits.scores(profile) if known else self._recent
        match = self.concern_efficacy.match(self.concerns_without_trait(profile))
        return shares * (1 + match), "group" if known or match.any() else "popular"

    def concerns_without_trait(self, profile: Profile) -> tuple[str, ...]:
        """The profile's concerns that too few customers have to be a trait: only ingredients tell about these.

        A trait's shares include the ingredients already; adding them again would count them twice.
        """
        told = self.traits.known(profile)
        return tuple(concern for concern in profile.concerns if (CONCERN, concern) not in told)

    def order(self, history: Histories, profile: Profile) -> NDArray[np.int64]:
        """All products, best first, for one customer: by the blend, then by the group; int64[products].

        For a customer without history they are ordered by :meth:`without_history`.
        """
        if not len(history.products):
            return np.argsort(-self.without_history(profile)[0], kind="stable")
        return np.lexsort((-self.groups.scores(profile), -self.neighbours.scores(history)[0]))

    @property
    def network_candidates(self) -> int:
        """How many of a customer's candidates the network finds."""
        return round(self.settings.candidates * self.settings.network.share) if self.network else 0

    @cached_property
    def similarity(self) -> ProductSimilarity:
        """How similar products are."""
        return ProductSimilarity(self.neighbours, self.attributes["category"])

    @cached_property
    def _sources(self) -> Sources:
        vectors = self.network.weights["items"] if self.network else None
        return Sources(self.neighbours, self.popularity, self.visits, self.attributes, self.price, vectors)

    @cached_property
    def _recent(self) -> Scores:
        """Recent interactions; a product without any counts as having a single old one, so concerns can raise it."""
        least = 1 / max(int(self.popularity.counts.sum()), 1)
        return np.maximum(self.popularity.recent(self.settings.recent_days), np.float32(least))

    def _chosen(self, blend: Scores, profile: Profile, allowed: Mask, most: int) -> NDArray[np.int64]:
        """One customer's ``most`` candidates, from the blended scores of all products."""
        linked = (blend > 0).nonzero()[0]
        linked = linked[allowed[linked]]
        chosen = linked[top_k(blend[linked], most)]
        if len(chosen) < most:
            rest = top_k(np.where(allowed, self.groups.scores(profile), -np.inf), most)
            chosen = append_missing(chosen, rest, len(blend))[:most]
        return chosen


def _of_each(scores: Scores, chosen: Sequence[NDArray[np.int64]]) -> Scores:
    """Each customer's scores of the chosen products, one customer's after the other's."""
    parts = [own[products] for own, products in zip(scores, chosen, strict=True)]
    return np.concatenate([*parts, np.empty(0, np.float32)])
