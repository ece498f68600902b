"""What may be shown: the one place that decides it, for every path an answer can take.

Scores never overrule a rule. The engine asks for :meth:`Rules.verdict` before it ranks; :meth:`Rules.check`
judges a finished list product by product, sharing no mask and no cache with the verdict.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import CATEGORY_SEPARATOR, Catalogue
from recommender.config.rules import RuleSettings
from recommender.knowledge.knowledge import Knowledge, Wish
from recommender.query import Profile, Query

OUT_OF_STOCK: Final = "out_of_stock"
AVOIDED_INGREDIENT: Final = "avoided_ingredient"
UNKNOWN_INGREDIENTS: Final = "unknown_ingredients"
DISMISSED: Final = "dismissed"
EXCLUDED: Final = "excluded"
OWNED: Final = "owned"
CATEGORY: Final = "category"
PRICE_RANGE: Final = "price"

RULES: Final = (
    OUT_OF_STOCK,
    AVOIDED_INGREDIENT,
    UNKNOWN_INGREDIENTS,
    DISMISSED,
    EXCLUDED,
    OWNED,
    CATEGORY,
    PRICE_RANGE,
)
"""Names of all rules, in the order in which they are asked: a product is counted for the first that refuses it."""

Mask: TypeAlias = NDArray[np.bool_]
_CACHED_CATEGORIES = 256


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one query allows.

    Attributes:
        allowed: bool [n products].
        removed: How many products each rule removed; rules that removed none are left out.
    """

    allowed: Mask
    removed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Violation:
    """A product that a rule forbids; ``detail`` says what in it."""

    product_id: str
    rule: str
    detail: str = ""


class Rules:
    """The rules over one catalogue; safe to ask from several threads."""

    def __init__(self, catalogue: Catalogue, knowledge: Knowledge, settings: RuleSettings | None = None) -> None:
        self.catalogue = catalogue
        self.knowledge = knowledge
        self.settings = settings or RuleSettings()
        self._without = lru_cache(self.settings.cached_wishes)(self._find_without)
        self._inside = lru_cache(_CACHED_CATEGORIES)(self._find_inside)
        self._labels = [knowledge.label(name) for name in catalogue.ingredient_names]
        self._by_term = _inverted(label.terms for label in self._labels)
        self._by_word = _inverted(label.words for label in self._labels)
        self._owners = np.repeat(np.arange(len(catalogue)), np.diff(catalogue.ingredients_start))

    def verdict(self, query: Query, owned: NDArray[np.integer]) -> Verdict:
        """Which products the query allows.

        Args:
            query: Whose profile, dismissed and excluded products count.
            owned: Positions of the products that the customer has.
        """
        allowed = self.catalogue.in_stock.copy()
        left = int(np.count_nonzero(allowed))
        removed = {OUT_OF_STOCK: len(allowed) - left}
        for rule, take in self._asked(query, owned):
            take(allowed)
            before, left = left, int(np.count_nonzero(allowed))
            removed[rule] = before - left
        return Verdict(allowed, {rule: count for rule, count in removed.items() if count})

    def check(self, query: Query, product_ids: Iterable[str]) -> list[Violation]:
        """Every rule that a finished list breaks, in the list's order; empty for a list that may be shown.

        A product that is not in the catalogue breaks none: nothing is known of it.
        """
        wishes = self._wishes(query.profile)
        return [
            Violation(product_id, rule, detail)
            for product_id in product_ids
            if (position := self.catalogue.index.get(product_id)) is not None
            for rule, detail in self._broken(query, wishes, position)
        ]

    def not_found(self, profile: Profile) -> tuple[str, ...]:
        """Avoided ingredients of a profile that no product's label names: likely misspelt, worth telling."""
        return tuple(text for text in profile.avoided_ingredients if not self._met(self.knowledge.resolve(text)))

    def _asked(self, query: Query, owned: NDArray[np.integer]) -> Iterator[tuple[str, Callable[[Mask], None]]]:
        """The rules that this query brings into play, each with what takes its products out of a mask."""
        profile = query.profile
        if any(profile.avoided_ingredients):
            yield AVOIDED_INGREDIENT, _keep(self._without_any(profile.avoided_ingredients))
        if self._refuses_unknown(profile):
            yield UNKNOWN_INGREDIENTS, _keep(self.catalogue.ingredients_known)
        if query.dismissed:
            yield DISMISSED, _drop(self.catalogue.positions(query.dismissed))
        if profile.exclude:
            yield EXCLUDED, _drop(self.catalogue.positions(profile.exclude))
        if len(owned) and not self.settings.rebuy:
            yield OWNED, _drop(owned)
        if profile.category:
            yield CATEGORY, _keep(self._inside(profile.category))
        if profile.min_price is not None or profile.max_price is not None:
            yield PRICE_RANGE, _keep(_within(self.catalogue.price, profile.min_price, profile.max_price))

    def _broken(self, query: Query, wishes: Sequence[Wish], position: int) -> Iterator[tuple[str, str]]:
        """Rules that one product breaks, each with what breaks it."""
        catalogue = self.catalogue
        if not catalogue.in_stock[position]:
            yield OUT_OF_STOCK, ""
        for name in catalogue.ingredients(position):
            if any(wish.meets(self.knowledge.label(name)) for wish in wishes):
                yield AVOIDED_INGREDIENT, name
        if self._refuses_unknown(query.profile) and not catalogue.ingredients(position):
            yield UNKNOWN_INGREDIENTS, ""
        for rule, product_ids in self._unwanted(query):
            if catalogue.product_ids[position] in product_ids:
                yield rule, ""
        yield from self._beyond_limits(query.profile, position)

    def _unwanted(self, query: Query) -> Iterator[tuple[str, Sequence[str]]]:
        """The rules that name products, with the products they name."""
        yield DISMISSED, query.dismissed
        yield EXCLUDED, query.profile.exclude
        if not self.settings.rebuy:
            yield OWNED, query.products

    def _beyond_limits(self, profile: Profile, position: int) -> Iterator[tuple[str, str]]:
        """The limits of category and price that one product is outside of."""
        path, price = self.catalogue.categories[position], self.catalogue.price[position]
        if profile.category and not _is_inside(path, profile.category):
            yield CATEGORY, path
        if not _within(price, profile.min_price, profile.max_price):
            yield PRICE_RANGE, str(price)

    def _wishes(self, profile: Profile) -> list[Wish]:
        return [self.knowledge.resolve(text) for text in profile.avoided_ingredients if text]

    def _refuses_unknown(self, profile: Profile) -> bool:
        """The profile's own word, else the setting, which speaks only of customers who avoid something."""
        if profile.avoid_unknown_ingredients is not None:
            return profile.avoid_unknown_ingredients
        return self.settings.unknown_ingredients == "refuse" and any(profile.avoided_ingredients)

    def _without_any(self, texts: Sequence[str]) -> Mask:
        """Products without anything that any of ``texts`` means."""
        return reduce(np.logical_and, (self._without(text) for text in texts if text))

    def _find_without(self, text: str) -> Mask:
        """Products without anything that ``text`` means; read only, as it is kept."""
        met = np.zeros(len(self._labels), np.bool_)
        met[list(self._met(self.knowledge.resolve(text)))] = True
        free = np.ones(len(self.catalogue), np.bool_)
        free[self._owners[met[self.catalogue.ingredients_index]]] = False
        free.flags.writeable = False
        return free

    def _met(self, wish: Wish) -> set[int]:
        """Positions of the ingredient names that a wish means: ``Wish.meets`` for all of them at once."""
        by_term = (self._by_term.get(term, set[int]()) for term in wish.terms)
        by_words = (
            set[int].intersection(*(self._by_word.get(word, set[int]()) for word in phrase)) for phrase in wish.phrases
        )
        return set[int]().union(*by_term, *by_words)

    def _find_inside(self, category: str) -> Mask:
        """Products inside a category; read only, as it is kept."""
        inside = (_is_inside(path, category) for path in self.catalogue.categories)
        mask = np.fromiter(inside, np.bool_, len(self.catalogue))
        mask.flags.writeable = False
        return mask


def _inverted(sets: Iterable[frozenset[str]]) -> dict[str, set[int]]:
    """Positions of the sets that hold each value."""
    found: dict[str, set[int]] = {}
    for position, values in enumerate(sets):
        for value in values:
            found.setdefault(value, set()).add(position)
    return found


def _keep(mask: Mask) -> Callable[[Mask], None]:
    def take(allowed: Mask) -> None:
        np.logical_and(allowed, mask, out=allowed)

    return take


def _drop(positions: NDArray[np.integer]) -> Callable[[Mask], None]:
    def take(allowed: Mask) -> None:
        allowed[positions] = False

    return take


def _within(price: NDArray[np.float32], low: float | None, high: float | None) -> Mask:
    """Whether prices are within limits; a price that is not known is within none, but in order without limits."""
    within = np.ones(np.shape(price), np.bool_)
    if low is not None:
        within &= price >= low
    if high is not None:
        within &= price <= high
    return within


def _is_inside(path: str, category: str) -> bool:
    """Whether a category path starts with another one, part by part and in any case."""
    wanted = _parts(category)
    return _parts(path)[: len(wanted)] == wanted


def _parts(path: str) -> list[str]:
    return [part.strip().casefold() for part in path.split(CATEGORY_SEPARATOR.strip())]
