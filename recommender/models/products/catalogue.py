"""The products as the engine sees them: names, prices, ingredients, by position."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.bundle import ArrayParts
from recommender.models.products.families import Families

CATEGORY_SEPARATOR = " > "
_SCHEMA_4: Final = "variant_group"


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
        family: int32 [n], equal for variants of one product (sizes, packs, shades): the position of one of them.
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
    family: NDArray[np.int32]

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], **others: Any) -> Self:
        """The catalogue of a bundle; one of schema 4 has families of sizes and shades under another name, or none."""
        found = dict(arrays)
        families = found.pop(_SCHEMA_4, None)
        if "family" not in found:
            found["family"] = np.arange(len(others["product_ids"]), dtype=np.int32) if families is None else families
        return super().from_parts(found, **others)

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

    @cached_property
    def families(self) -> Families:
        """The variants of every product."""
        return Families.from_numbers(self.family)

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
