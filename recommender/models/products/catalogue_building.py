"""From the products table to the catalogue."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.parsing.cells import column_cells, texts_in
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue import CATEGORY_SEPARATOR, Catalogue

_SIZE = re.compile(
    r"""\b\d+(?:[.,/]\d+)?\s*-?\s*(?:fl\.?\s*oz|fluid\s+ounces?|ounces?|oz|ml|millilit(?:er|re)s?|l|lit(?:er|re)s?|g|gr
        |grams?|kg|mg|lbs?|pounds?|ct|counts?|pcs?|pieces?|packs?|pk|inch(?:es)?|in)\b\.?
      | \b(?:pack|set|case|lot)\s+of\s+\d+\b
      | \b(?:travel|mini|full|jumbo|value|family|deluxe|trial)[\s-]+size[ds]?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHADE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]|(?:#|\bno\.?\s*)\d+\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\s+-\s+[^-]+$")
_TELLING = 2  # words beside the brand's: "Murad - Acne Cleanser" is not Murad's anything in the shade "Acne Cleanser"
_NOT_WORD = re.compile(r"[\W_]+")


def build_catalogue(tables: Tables) -> Catalogue:
    """The catalogue of a data set's products, ordered by product id."""
    # An estimated price is no fact that a customer's limit could rest on.
    products = without_imputed_values(tables).products.sort_values(c.PRODUCT_ID, ignore_index=True)
    names = _texts(products, c.NAME)
    brands = _texts(products, c.BRAND)
    knowledge = Knowledge.load()
    # In label order and each once.
    labels = [
        list(dict.fromkeys(name for text in texts_in(cell) if (name := knowledge.name(text))))
        for cell in column_cells(products, c.INGREDIENTS)
    ]
    ingredient_names = sorted({name for label in labels for name in label})
    position = {name: i for i, name in enumerate(ingredient_names)}
    return Catalogue(
        product_ids=_texts(products, c.PRODUCT_ID),
        names=names,
        brands=brands,
        categories=[_category(value) for value in column_cells(products, c.CATEGORY)],
        price=_numbers(products, c.PRICE).astype(np.float32),
        in_stock=in_stock(products),
        ingredients_start=np.cumsum([0, *(len(label) for label in labels)], dtype=np.int32),
        ingredients_index=np.asarray([position[name] for label in labels for name in label], dtype=np.int32),
        ingredient_names=ingredient_names,
        variant_group=variant_groups(names, brands),
    )


def in_stock(products: pd.DataFrame) -> NDArray[np.bool_]:
    """Which products may be sold, bool [n]: one whose stock is not known is taken to be there."""
    return ~(_numbers(products, c.STOCK) <= 0)


def variant_groups(names: Sequence[str], brands: Sequence[str]) -> NDArray[np.int32]:
    """int32 [n]: one number for products of one brand whose names differ in size or shade only.

    A group is numbered by its first product; a product with no name is a group of its own.
    """
    first: dict[tuple[str, str], int] = {}
    groups = (
        first.setdefault((brand.casefold(), core), i) if (core := _core(name, brand)) else i
        for i, (name, brand) in enumerate(zip(names, brands, strict=True))
    )
    return np.fromiter(groups, np.int32, len(names))


def _core(name: str, brand: str) -> str:
    """A product's name without size and shade; the name itself where nothing else is in it."""
    bare = _SHADE.sub(" ", _SIZE.sub(" ", name))
    short = _plain(_SUFFIX.sub(" ", bare))
    own_words = set(short.split()) - set(_plain(brand).split())
    return short if len(own_words) >= _TELLING else _plain(bare) or _plain(name)


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", text).strip().casefold()


def _category(value: Any) -> str:
    """A category path, however it was kept, as one text."""
    return CATEGORY_SEPARATOR.join(part.strip() for text in texts_in(value) for part in text.split(">") if part.strip())


def _texts(products: pd.DataFrame, column: str) -> list[str]:
    return [value if isinstance(value, str) else "" for value in column_cells(products, column)]


def _numbers(products: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in products:
        return np.full(len(products), np.nan)
    return np.asarray(products[column].astype("Float64").to_numpy(np.float64, na_value=np.nan), dtype=np.float64)
