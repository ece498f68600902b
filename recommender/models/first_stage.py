"""The first stage: every product's score by each scorer, and the candidates they name together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import ModelSettings
from recommender.models.attributes import Attribute
from recommender.models.candidates import Candidates, strongest
from recommender.models.groups import Groups
from recommender.models.histories import Histories
from recommender.models.needs import Needs
from recommender.models.neighbours import Neighbours
from recommender.models.popularity import Popularity
from recommender.models.ranking_features import Sources, features
from recommender.query import Profile

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class FirstStage:
    """Everything that is fitted on one set of histories."""

    settings: ModelSettings
    neighbours: Neighbours
    popularity: Popularity
    attributes: Mapping[str, Attribute]
    price: NDArray[np.float32]
    groups: Groups
    needs: Needs

    def scores(self, histories: Histories, profiles: Sequence[Profile]) -> dict[str, Scores]:
        """Each scorer's score of every product, float32[customers, products]."""
        found = {"blend": self.neighbours.scores(histories)}
        found["group"] = np.stack([self.groups.scores(profile) for profile in profiles])
        found["concern"] = np.stack([self.needs.match(profile.concerns) for profile in profiles])
        return found

    def candidates(self, scores: Mapping[str, Scores], allowed: Sequence[Mask]) -> Candidates:
        """The strongest allowed products by the blend, filled up with the group's."""
        return Candidates.of(
            [self._chosen({name: rows[i] for name, rows in scores.items()}, mask) for i, mask in enumerate(allowed)]
        )

    def features(
        self, histories: Histories, candidates: Candidates, scores: Mapping[str, Scores]
    ) -> dict[str, NDArray[np.float32]]:
        """What the re-ranker sees of the candidates."""
        at = (candidates.owners, candidates.products)
        sources = Sources(self.neighbours, self.popularity, self.attributes, self.price)
        return features(sources, histories, candidates, {name: rows[at] for name, rows in scores.items()})

    def without_history(self, profile: Profile) -> tuple[Scores, str]:
        """Scores for a customer who has used nothing yet, float32[products], and the path they come by.

        Shares of the group's purchases (all customers' recent ones where the group is not known), raised by how
        well a product serves the concerns: the two multiply, as neither alone makes a good first list.
        """
        known = bool(self.groups.key(profile))
        shares = self.groups.scores(profile) if known else self.popularity.recent(self.settings.recent_days)
        match = self.needs.match(profile.concerns)
        return shares * (1 + match), "group" if known or match.any() else "popular"

    def _chosen(self, scores: Mapping[str, Scores], allowed: Mask) -> NDArray[np.int64]:
        blend = np.where(allowed & (scores["blend"] > 0), scores["blend"], -np.inf)
        chosen = strongest(blend, self.settings.candidates)
        if len(chosen) < self.settings.candidates:
            rest = strongest(np.where(allowed, scores["group"], -np.inf), self.settings.candidates)
            chosen = _with_more(chosen, rest)[: self.settings.candidates]
        return chosen


def _with_more(chosen: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
    """``chosen`` and what of ``more`` is not yet in it, in their orders."""
    return np.concatenate([chosen, more[~np.isin(more, chosen)]])
