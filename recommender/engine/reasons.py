"""Why a product is shown: the parts of its score that really carried it, in words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import Profile, Reason
from recommender.knowledge.knowledge import Knowledge
from recommender.models.candidate_models.customer_traits import CONCERN
from recommender.models.diversity import CONTENT
from recommender.models.histories import Histories
from recommender.models.hybrid import PERSONAL, Hybrid, Ranking
from recommender.models.products.catalogue import Catalogue
from recommender.rules import DueProduct

_MOST = 3
_ENOUGH = 0.7
"""Share of a product's blended score that a named purchase carries: where the strongest carries less, two are named."""
_NOTICEABLE = 0.01
"""Logarithm of how much more often people with a trait buy a product, from which it is named as a reason."""
_TRAITS = {"skin type": "with {} skin", "age": "aged {}", "region": "in {}"}


def rebuy_reason(due: DueProduct) -> Reason:
    """Why a product is shown that the customer has."""
    return Reason("rebuy", f"Customers buy it again after about {due.usual} days; you did {due.since} days ago.", 1.0)


class Reasons:
    """Finds the reasons of one model's recommendations."""

    def __init__(self, hybrid: Hybrid, catalogue: Catalogue, knowledge: Knowledge) -> None:
        self._hybrid = hybrid
        self._generator = generator = hybrid.generator
        self._catalogue = catalogue
        self._served_by = [frozenset(knowledge.concerns_of(name)) for name in catalogue.ingredient_names]
        weights = generator.settings.families.model_dump()
        families = generator.neighbours.families
        # Each model's weight, and its weight if it compares texts.
        self._weights = np.array([[weights[name], weights[name] * (name in CONTENT)] for name in families], np.float32)

    def explain(
        self, profile: Profile, history: Histories, products: NDArray[np.int64], ranking: Ranking
    ) -> list[tuple[Reason, ...]]:
        """At most three reasons a product, the strongest first; the profile has concerns by their keys."""
        if ranking.path != PERSONAL:
            return [
                (*self._from_concerns(profile, product), self._from_traits(profile, product))
                for product in products.tolist()
            ]
        own = self._from_history(history, products)
        helped = self._helped(profile, products, ranking)
        return [
            (*(found or [self._unlinked(profile, product, ranking)]), *self._serves(wanted, product))[:_MOST]
            for product, found, wanted in zip(products.tolist(), own, helped, strict=True)
        ]

    def _unlinked(self, profile: Profile, product: int, ranking: Ranking) -> Reason:
        """The reason for a product that no purchase led to: that the network found it, or who else buys it."""
        if self._hybrid.found_by_network(product, ranking.scored):
            return Reason("next", "Customers with purchases like yours bought it next.", 1.0)
        return self._from_group(profile)

    def _helped(self, profile: Profile, products: NDArray[np.int64], ranking: Ranking) -> list[frozenset[str]]:
        """The concerns without which each product, found for a customer with history, would score lower."""
        raised = {key: self._hybrid.raised_by(key, profile, ranking.scored, products) for key in profile.concerns}
        return [frozenset(key for key, found in raised.items() if found[place]) for place in range(len(products))]

    def _from_concerns(self, profile: Profile, product: int) -> Iterator[Reason]:
        """An ingredient for a concern, where the concern raised the product's score."""
        helped = [key for key in profile.concerns if self._raised(profile, key, product)]
        yield from self._serves(frozenset(helped), product)

    def _raised(self, profile: Profile, concern: str, product: int) -> bool:
        """Whether, for a customer without history, a concern raises the product."""
        traitless = self._generator.concerns_without_trait(profile)
        if concern not in traitless:
            return bool(self._generator.traits.lift((CONCERN, concern), slice(product, product + 1))[0] > _NOTICEABLE)
        others = [key for key in traitless if key != concern]
        with_it, without = (
            self._generator.concern_efficacy.match(keys, np.array([product]))[0] for keys in (traitless, others)
        )
        return bool(with_it > without)

    def _from_traits(self, profile: Profile, product: int) -> Reason:
        """The traits that raise the product, or that everybody buys it."""
        traits = self._generator.traits
        here = slice(product, product + 1)
        raised = {
            name: value for name, value in traits.known(profile) if traits.lift((name, value), here)[0] > _NOTICEABLE
        }
        parts = [text.format(raised[name]) for name, text in _TRAITS.items() if name in raised]
        if parts:
            return Reason("group", f"People {', '.join(parts)} buy it more often than others.", 1.0)
        if traits.known(profile):
            return Reason("popular", "Many customers bought it.", 1.0)
        return Reason("popular", "Many customers bought it lately.", 1.0)

    def _from_history(self, history: Histories, products: NDArray[np.int64]) -> list[tuple[Reason, ...]]:
        """The purchase that carried most of each product's blended score, or the two that did; () where none did."""
        history = history.recent(self._generator.settings.families.history)
        neighbours, size = self._generator.neighbours, len(history.products)
        entry, product, values = neighbours.table.among(history.products, products)
        carried = np.zeros((2, len(products), size), np.float32)
        carried[:, product, entry] = (values @ self._weights).T * neighbours.weights(size)[entry]
        by_purchase = carried[0]
        total = by_purchase.sum(axis=1)
        # The two strongest, the strongest first; a customer with one purchase has it twice.
        strongest = np.argsort(-by_purchase, axis=1, kind="stable")[:, [0, min(1, size - 1)]]
        most, texts = carried[:, np.arange(len(products))[:, None], strongest]
        both = (most[:, 0] < _ENOUGH * total) & (most[:, 1] > 0)
        most[~both, 1] = texts[~both, 1] = 0
        named, alike = most.sum(axis=1), texts.sum(axis=1)
        parts = history.products[strongest], both, alike > named / 2, named, total
        return [
            (self._because(bought if two else bought[:1], like, share / whole),) if whole else ()
            for bought, two, like, share, whole in zip(*(part.tolist() for part in parts), strict=True)
        ]

    def _because(self, bought: list[int], alike: bool, share: float) -> Reason:
        # Two shades of one product may have one name.
        names = " and ".join(dict.fromkeys(self._catalogue.names[i] or self._catalogue.product_ids[i] for i in bought))
        if alike:
            return Reason("similar", f"It is like {names}.", round(share, 3))
        return Reason("bought", f"Customers who have {names} also bought it.", round(share, 3))

    def _from_group(self, profile: Profile) -> Reason:
        """That people of the customer's group ("with dry skin, aged 25+, in the north") buy it, or everybody does."""
        group = zip(_TRAITS.values(), self._generator.groups.key(profile), strict=False)
        if parts := [text.format(value) for text, value in group if value]:
            return Reason("group", f"People {', '.join(parts)} buy it.", 1.0)
        return Reason("popular", "Many customers bought it.", 1.0)

    def _serves(self, wanted: frozenset[str], product: int) -> Iterator[Reason]:
        """The first ingredient on the label for one of the wanted concerns."""
        if not wanted:
            return
        start, stop = self._catalogue.ingredients_start[product : product + 2]
        for ingredient in self._catalogue.ingredients_index[start:stop].tolist():
            if served := sorted(wanted & self._served_by[ingredient]):
                name = self._catalogue.ingredient_names[ingredient]
                share = float(self._generator.concern_efficacy.match(served, slice(product, product + 1))[0])
                yield Reason("concern", f"It contains {name} for {served[0]}.", round(share, 3))
                return
