"""The rules over a whole catalogue at once, as masks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import RuleSettings
from recommender.contract.query import Query
from recommender.models.products.catalogue import Catalogue
from recommender.rules import rules as conditions
from recommender.rules.ingredient_index import IngredientIndex, Mask
from recommender.rules.rebuying import DueProduct, Rebuying

Narrow: TypeAlias = Callable[[Mask], None]
_CACHED_CATEGORIES = 256


@dataclass(frozen=True, slots=True)
class AllowedProducts:
    """What one query allows.

    Attributes:
        allowed: bool [n products]; nothing that the customer has, and no variant of it.
        removed: How many products each rule removed; a product is counted for the first rule that refuses
            it, and rules that removed none are left out.
        due: What the customer has and may be offered again, as no other rule refuses it.
    """

    allowed: Mask
    removed: dict[str, int]
    due: tuple[DueProduct, ...] = ()


class CatalogueFilter:
    """The products that each rule leaves; masks of avoided ingredients and of categories are cached."""

    def __init__(
        self, catalogue: Catalogue, ingredients: IngredientIndex, settings: RuleSettings, rebuying: Rebuying
    ) -> None:
        self._catalogue = catalogue
        self._readable = ingredients.readable
        self._settings = settings
        self._rebuying = rebuying
        # Not of a method: the reference cycle would keep the catalogue in memory when another model has replaced it.
        self._without = lru_cache(settings.cached_wishes)(ingredients.without)
        self._inside = lru_cache(_CACHED_CATEGORIES)(partial(_inside, catalogue.categories))

    def allowed_products(self, query: Query, owned: NDArray[np.integer]) -> AllowedProducts:
        """See ``Rules.allowed_products``."""
        allowed = self._catalogue.in_stock.copy()
        left = int(np.count_nonzero(allowed))
        removed = {conditions.OUT_OF_STOCK: len(allowed) - left}
        for rule, narrow in self._applicable(query):
            narrow(allowed)
            before, left = left, int(np.count_nonzero(allowed))
            removed[rule] = before - left
        due = tuple(due for due in self._rebuying.due(query) if allowed[due.product])
        allowed[self._catalogue.families.with_variants(owned)] = False
        removed[conditions.OWNED] = left - int(np.count_nonzero(allowed))
        return AllowedProducts(allowed, {rule: count for rule, count in removed.items() if count}, due)

    def _applicable(self, query: Query) -> Iterator[tuple[str, Narrow]]:
        """The rules that apply to this query, except ``owned``, each with the function that narrows a mask."""
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


def _inside(paths: Sequence[str], category: str) -> Mask:
    """Products inside a category; read only, as it is kept."""
    mask = np.fromiter((conditions.is_inside(path, category) for path in paths), np.bool_, len(paths))
    mask.flags.writeable = False
    return mask


def _keep(mask: Mask) -> Narrow:
    def narrow(allowed: Mask) -> None:
        np.logical_and(allowed, mask, out=allowed)

    return narrow


def _drop(positions: NDArray[np.integer]) -> Narrow:
    def narrow(allowed: Mask) -> None:
        allowed[positions] = False

    return narrow
