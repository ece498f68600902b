"""The rules over one catalogue, as the engine uses them."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import RuleSettings
from recommender.contract.query import Query, UnrecognisedWords
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.rebuys import Rebuys
from recommender.rules.catalogue_filter import AllowedProducts, CatalogueFilter
from recommender.rules.ingredient_index import IngredientIndex
from recommender.rules.product_check import ProductCheck, Violation
from recommender.rules.rebuying import Rebuying

_CACHED_WORDS: Final = 8_192


class Rules:
    """Decides what may be shown; thread-safe."""

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
        self._ingredients = IngredientIndex(catalogue, knowledge, labels)
        self._filter = CatalogueFilter(catalogue, self._ingredients, self.settings, self.rebuying)
        # Not of a method, as in CatalogueFilter.
        self._unrecognised = lru_cache(_CACHED_WORDS)(self._ingredients.unrecognised)
        self._check = ProductCheck(catalogue, knowledge, labels, self.settings, self.rebuying)

    def allowed_products(self, query: Query, owned: NDArray[np.integer]) -> AllowedProducts:
        """Which products of the catalogue the query allows; ``owned`` are positions of what the customer has."""
        return self._filter.allowed_products(query, owned)

    def unrecognised(self, avoided: Iterable[str]) -> tuple[UnrecognisedWords, ...]:
        """What of a customer's words for ingredients to avoid is not understood, or taken for what it nearly spells.

        What a knowledge file names is understood, and so are words that some label of the catalogue has.
        """
        return tuple(dict.fromkeys(chain.from_iterable(map(self._unrecognised, avoided))))

    def refused(self, avoided: Iterable[str]) -> tuple[UnrecognisedWords, ...]:
        """The words for which a request is to be refused by the settings: those that exclude nothing."""
        if self.settings.unrecognised_avoidances == "tell":
            return ()
        return tuple(words for words in self.unrecognised(avoided) if not words.applied)

    def check(self, query: Query, product_ids: Iterable[str]) -> list[Violation]:
        """Every rule that a finished list breaks, in the list's order; empty for a list that may be shown.

        A product that is not in the catalogue breaks the rule ``unknown_product``: nothing vouches for it.
        """
        return list(self._check.violations(query, product_ids))
