"""Held-out products by family: who has one variant of a product is not surprised by another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.data.variants.family_column import family_positions


def product_families(products: pd.DataFrame) -> "pd.Series[int]":
    """The number of each product's family, by product id; a product of no family has one of its own."""
    return pd.Series(family_positions(products), index=products[c.PRODUCT_ID])


def another_variant(test: pd.DataFrame, train: Tables) -> NDArray[np.bool_]:
    """Which held-out products are another variant of what their customer has, or is to be found too: bool[held out].

    Args:
        test: customer_id and product_id of what is held out.
        train: What may be learnt from.
    """
    families = product_families(train.products)
    if families.is_unique:
        return np.zeros(len(test), np.bool_)
    rows = interactions(train)
    rows = rows[rows[c.CUSTOMER_ID].isin(test[c.CUSTOMER_ID])]
    has = pd.MultiIndex.from_arrays([rows[c.CUSTOMER_ID], rows[c.PRODUCT_ID].map(families)])
    wanted = pd.MultiIndex.from_arrays([test[c.CUSTOMER_ID], test[c.PRODUCT_ID].map(families)])
    return np.asarray(wanted.isin(has) | wanted.duplicated(), np.bool_)


def judged(variants: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What models are judged by: held-out products of new families, or all where there are no such: bool[held out].

    ``variants`` says which are another variant of what their customer has.
    """
    return np.ones(len(variants), np.bool_) if variants.all() else ~variants
