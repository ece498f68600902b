"""The rules over one catalogue, as the engine asks them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recommender.config.rules import RuleSettings
from recommender.contract.query import Profile, Query
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.rebuys import Rebuys
from recommender.rules import conditions
from recommender.rules.check import Check, Violation
from recommender.rules.composition import Composition
from recommender.rules.due import Rebuying
from recommender.rules.verdict import Masks, Verdict


class Rules:
    """Decides what may be shown; safe to ask from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        knowledge: Knowledge,
        settings: RuleSettings | None = None,
        rebuys: Rebuys | None = None,
    ) -> None:
        """Prepare to answer; ``settings`` are the defaults, and nothing is bought again, unless given."""
        self.catalogue = catalogue
        self.knowledge = knowledge
        self.settings = settings or RuleSettings()
        labels = [knowledge.label(name) for name in catalogue.ingredient_names]
        self.rebuying = Rebuying(catalogue, rebuys, self.settings.rebuy)
        self._composition = Composition(catalogue, knowledge, labels)
        self._masks = Masks(catalogue, self._composition, self.settings, self.rebuying)
        self._check = Check(catalogue, knowledge, labels, self.settings, self.rebuying)

    def verdict(self, query: Query, owned: NDArray[np.integer]) -> Verdict:
        """Which products of the catalogue the query allows.

        Args:
            query: Whose profile and dismissed products count.
            owned: Positions of the products that the customer has.
        """
        return self._masks.verdict(query, owned)

    def check(self, query: Query, product_ids: Iterable[str]) -> list[Violation]:
        """Every rule that a finished list breaks, in the list's order; empty for a list that may be shown.

        A product that is not in the catalogue breaks the rule ``unknown_product``: nothing vouches for it.
        """
        return list(self._check.violations(query, product_ids))

    def not_found(self, profile: Profile) -> tuple[str, ...]:
        """What the customer avoids and no product's label names: likely misspelt, worth telling."""
        avoided = conditions.avoids(profile)
        return tuple(text for text in avoided if not self._composition.named_by(self.knowledge.resolve(text)))
