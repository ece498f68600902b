"""The rules over a whole catalogue at once, as masks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.config.rules import RuleSettings
from recommender.knowledge.knowledge import Knowledge, Label, Wish
from recommender.query import Query
from recommender.rules import conditions
from recommender.rules.due import Due, Rebuying

Mask: TypeAlias = NDArray[np.bool_]
Narrow: TypeAlias = Callable[[Mask], None]
_CACHED_CATEGORIES = 256


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one query allows.

    Attributes:
        allowed: bool [n products]; nothing that the customer has.
        removed: How many products each rule removed; a product is counted for the first rule that refuses
            it, and rules that removed none are left out.
        due: What the customer has and may be offered again, as no other rule refuses it.
    """

    allowed: Mask
    removed: dict[str, int]
    due: tuple[Due, ...] = ()


class Masks:
    """The products that each rule leaves; what customers avoid and categories are remembered."""

    def __init__(
        self,
        catalogue: Catalogue,
        knowledge: Knowledge,
        labels: Sequence[Label],
        settings: RuleSettings,
        rebuying: Rebuying,
    ) -> None:
        """Prepare to answer.

        Args:
            catalogue: The products.
            knowledge: What the customers' words for ingredients mean.
            labels: What each of the catalogue's ingredient names is.
            settings: How the rules are set.
            rebuying: What customers are about to buy again.
        """
        self._catalogue = catalogue
        self._knowledge = knowledge
        self._settings = settings
        self._rebuying = rebuying
        self._by_term = _inverted(label.terms for label in labels)
        self._by_word = _inverted(label.words for label in labels)
        self._owners = np.repeat(np.arange(len(catalogue)), np.diff(catalogue.ingredients_start))
        foreign = np.array([not label.understood for label in labels], np.bool_)
        self._readable = catalogue.ingredients_known & self._free_of(foreign)
        self._without = lru_cache(settings.cached_wishes)(self._find_without)
        self._inside = lru_cache(_CACHED_CATEGORIES)(self._find_inside)

    def verdict(self, query: Query, owned: NDArray[np.integer]) -> Verdict:
        """See ``Rules.verdict``."""
        allowed = self._catalogue.in_stock.copy()
        left = int(np.count_nonzero(allowed))
        removed = {conditions.OUT_OF_STOCK: len(allowed) - left}
        for rule, narrow in self._asked(query):
            narrow(allowed)
            before, left = left, int(np.count_nonzero(allowed))
            removed[rule] = before - left
        due = tuple(due for due in self._rebuying.due(query) if allowed[due.product])
        allowed[owned] = False
        removed[conditions.OWNED] = left - int(np.count_nonzero(allowed))
        return Verdict(allowed, {rule: count for rule, count in removed.items() if count}, due)

    def named_by(self, wish: Wish) -> set[int]:
        """Positions of the ingredient names that a wish means: ``Wish.meets`` for all of them at once."""
        by_term = (self._by_term.get(term, set[int]()) for term in wish.terms)
        by_words = (
            set[int].intersection(*(self._by_word.get(word, set[int]()) for word in phrase)) for phrase in wish.phrases
        )
        return set[int]().union(*by_term, *by_words)

    def _asked(self, query: Query) -> Iterator[tuple[str, Narrow]]:
        """The rules that this query brings into play beside what is owned, each with what narrows a mask."""
        profile, catalogue = query.profile, self._catalogue
        if avoided := conditions.avoids(profile):
            yield conditions.AVOIDED_INGREDIENT, _keep(reduce(np.logical_and, map(self._without, avoided)))
        if conditions.refuses_unknown(profile, self._settings):
            yield conditions.UNKNOWN_INGREDIENTS, _keep(self._readable)
        if query.dismissed:
            yield conditions.DISMISSED, _drop(catalogue.positions(query.dismissed))
        if profile.exclude:
            yield conditions.EXCLUDED, _drop(catalogue.positions(profile.exclude))
        if profile.category:
            yield conditions.CATEGORY, _keep(self._inside(profile.category))
        if limits := conditions.price_limits(profile):
            yield conditions.PRICE, _keep((catalogue.price >= limits[0]) & (catalogue.price <= limits[1]))

    def _find_without(self, text: str) -> Mask:
        """Products without anything that ``text`` means."""
        met = np.zeros(len(self._catalogue.ingredient_names), np.bool_)
        met[list(self.named_by(self._knowledge.resolve(text)))] = True
        return self._free_of(met)

    def _free_of(self, met: NDArray[np.bool_]) -> Mask:
        """Products with none of the ingredient names that are ``met``; read only, as it is kept."""
        free = np.ones(len(self._catalogue), np.bool_)
        free[self._owners[met[self._catalogue.ingredients_index]]] = False
        free.flags.writeable = False
        return free

    def _find_inside(self, category: str) -> Mask:
        """Products inside a category; read only, as it is kept."""
        inside = (conditions.is_inside(path, category) for path in self._catalogue.categories)
        mask = np.fromiter(inside, np.bool_, len(self._catalogue))
        mask.flags.writeable = False
        return mask


def _inverted(sets: Iterable[frozenset[str]]) -> dict[str, set[int]]:
    """Positions of the sets that hold each value."""
    found: dict[str, set[int]] = {}
    for position, values in enumerate(sets):
        for value in values:
            found.setdefault(value, set()).add(position)
    return found


def _keep(mask: Mask) -> Narrow:
    def narrow(allowed: Mask) -> None:
        np.logical_and(allowed, mask, out=allowed)

    return narrow


def _drop(positions: NDArray[np.integer]) -> Narrow:
    def narrow(allowed: Mask) -> None:
        allowed[positions] = False

    return narrow
