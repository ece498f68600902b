"""The products as the engine sees them: names, prices, ingredients, by position."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.models.bundle import ArrayParts

CATEGORY_SEPARATOR = " > "


@dataclass(frozen=True)
class Catalogue(ArrayParts):
    """All products of one data set; every array has one value a product, n in all.

    Attributes:
        product_ids: In the order that every other array and every model follows.
        names: Printed names.
        brands: "" where not known.
        categories: Paths joined by " > ", "" where not known.
        price: float32 [n], NaN where not known.
        in_stock: bool [n]; a product whose stock is not known is taken to be there.
        ingredients_start: int32 [n + 1]: product i's ingredients are ``ingredients_index`` from
            ``ingredients_start[i]`` to ``ingredients_start[i + 1]``, in label order.
        ingredients_index: int32, positions in ``ingredient_names``.
        ingredient_names: Sorted, as ``Knowledge.name`` gives them.
        variant_group: int32 [n], equal for sizes and shades of one product.
    """

    product_ids: list[str]
    names: list[str]
    brands: list[str]
    categories: list[str]
    price: NDArray[np.float32]
    in_stock: NDArray[np.bool_]
    ingredients_start: NDArray[np.int32]
    ingredients_index: NDArray[np.int32]
    ingredient_names: list[str]
    variant_group: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.product_ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position by product id."""
        return {product_id: position for position, product_id in enumerate(self.product_ids)}

    @cached_property
    def ingredients_known(self) -> NDArray[np.bool_]:
        """Whether each product has any ingredient: bool [n]."""
        return np.diff(self.ingredients_start) > 0

    def ingredients(self, position: int) -> list[str]:
        """Names of one product's ingredients, in label order."""
        start, stop = self.ingredients_start[position], self.ingredients_start[position + 1]
        return [self.ingredient_names[i] for i in self.ingredients_index[start:stop]]

    def positions(self, product_ids: Any) -> NDArray[np.int64]:
        """Positions of those of ``product_ids`` that are in the catalogue, in their order."""
        found = [position for product_id in product_ids if (position := self.index.get(product_id)) is not None]
        return np.asarray(found, dtype=np.int64)

    def texts(self) -> dict[str, list[str]]:
        """The fields that are texts, by name."""
        return {field.name: value for field in fields(self) if isinstance(value := getattr(self, field.name), list)}
