"""The rules for one product at a time: the last look at a finished list."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from recommender.config.model import RuleSettings
from recommender.contract.query import Query
from recommender.knowledge.knowledge import AvoidedTerm, Knowledge, PrintedIngredient
from recommender.models.products.catalogue import Catalogue
from recommender.rules import rules as conditions
from recommender.rules.rebuying import Rebuying

Fault: TypeAlias = Callable[[int], str | None]
"""What in the product at a position breaks a rule; None where it keeps it."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A product that a rule forbids; ``detail`` names what in it, where that adds to the rule."""

    product_id: str
    rule: str
    detail: str = ""


@dataclass(frozen=True)
class ProductCheck:
    """Checks products one by one; shares with the catalogue's filter what labels and wishes mean, but no mask.

    Attributes:
        labels: What each of the catalogue's ingredient names is.
        rebuying: What customers are about to buy again.
    """

    catalogue: Catalogue
    knowledge: Knowledge
    labels: Sequence[PrintedIngredient]
    settings: RuleSettings
    rebuying: Rebuying

    def violations(self, query: Query, product_ids: Iterable[str]) -> Iterator[Violation]:
        """See ``Rules.check``."""
        faults = tuple(self._faults(query))
        for product_id in product_ids:
            position = self.catalogue.index.get(product_id)
            if position is None:
                yield Violation(product_id, conditions.UNKNOWN_PRODUCT)
                continue
            for rule, fault in faults:
                if (detail := fault(position)) is not None:
                    yield Violation(product_id, rule, detail)

    def _faults(self, query: Query) -> Iterator[tuple[str, Fault]]:
        """The rules that apply to this query, each with the function that finds its fault in a product."""
        profile, catalogue = query.profile, self.catalogue
        yield conditions.OUT_OF_STOCK, lambda product: None if catalogue.in_stock[product] else ""
        if avoided := conditions.avoids(profile):
            yield conditions.AVOIDED_INGREDIENT, self._holds(avoided)
        if conditions.refuses_unknown(profile, self.settings):
            yield conditions.UNKNOWN_INGREDIENTS, self._unread
        yield conditions.DISMISSED, self._one_of(query.dismissed)
        yield conditions.EXCLUDED, self._one_of(profile.exclude)
        if profile.category:
            yield conditions.CATEGORY, self._outside(profile.category)
        if limits := conditions.price_limits(profile):
            yield conditions.PRICE, self._beyond(*limits)
        yield conditions.OWNED, self._had(query)

    def _holds(self, avoided: Sequence[str]) -> Fault:
        wish = AvoidedTerm.combined(self.knowledge.resolve(text) for text in avoided)
        start, index = self.catalogue.ingredients_start, self.catalogue.ingredients_index

        def fault(product: int) -> str | None:
            for name in index[start[product] : start[product + 1]].tolist():
                if wish.meets(self.labels[name]):
                    return self.catalogue.ingredient_names[name]
            return None

        return fault

    def _unread(self, product: int) -> str | None:
        """The first ingredient in a script that cannot be read; empty where there is none at all."""
        names = self.catalogue.ingredients(product)
        return next((name for name in names if not self.knowledge.label(name).understood), None if names else "")

    def _one_of(self, product_ids: Iterable[str]) -> Fault:
        unwanted = frozenset(product_ids)
        return lambda product: "" if self.catalogue.product_ids[product] in unwanted else None

    def _had(self, query: Query) -> Fault:
        """The variant that the customer has; products due again are had and may be shown."""
        had = {
            int(self.catalogue.family[position]): product_id
            for product_id in (*query.products, *query.owned)
            if (position := self.catalogue.index.get(product_id)) is not None
        }
        due = {due.product for due in self.rebuying.due(query)}

        def fault(product: int) -> str | None:
            variant = None if product in due else had.get(int(self.catalogue.family[product]))
            return "" if variant == self.catalogue.product_ids[product] else variant

        return fault

    def _outside(self, category: str) -> Fault:
        def fault(product: int) -> str | None:
            path = self.catalogue.categories[product]
            return None if conditions.is_inside(path, category) else path

        return fault

    def _beyond(self, low: float, high: float) -> Fault:
        def fault(product: int) -> str | None:
            price = float(self.catalogue.price[product])
            return None if low <= price <= high else str(price)

        return fault
