"""From the products table to the catalogue."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.parsing.cells import column_cells, texts_in
from recommender.data.variants.family_column import family_positions
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue import CATEGORY_SEPARATOR, Catalogue


def build_catalogue(tables: Tables) -> Catalogue:
    """The catalogue of a data set's products, ordered by product id."""
    # An estimated price is no fact that a customer's limit could rest on.
    products = without_imputed_values(tables).products.sort_values(c.PRODUCT_ID, ignore_index=True)
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
        names=_texts(products, c.NAME),
        brands=_texts(products, c.BRAND),
        categories=[_category(value) for value in column_cells(products, c.CATEGORY)],
        price=_numbers(products, c.PRICE).astype(np.float32),
        in_stock=in_stock(products),
        ingredients_start=np.cumsum([0, *(len(label) for label in labels)], dtype=np.int32),
        ingredients_index=np.asarray([position[name] for label in labels for name in label], dtype=np.int32),
        ingredient_names=ingredient_names,
        family=family_positions(products),
    )


def in_stock(products: pd.DataFrame) -> NDArray[np.bool_]:
    """Which products may be sold, bool [n]: one whose stock is not known is taken to be there."""
    return ~(_numbers(products, c.STOCK) <= 0)


def _category(value: Any) -> str:
    """A category path, however it was kept, as one text."""
    return CATEGORY_SEPARATOR.join(part.strip() for text in texts_in(value) for part in text.split(">") if part.strip())


def _texts(products: pd.DataFrame, column: str) -> list[str]:
    return [value if isinstance(value, str) else "" for value in column_cells(products, column)]


def _numbers(products: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in products:
        return np.full(len(products), np.nan)
    return np.asarray(products[column].astype("Float64").to_numpy(np.float64, na_value=np.nan), dtype=np.float64)
