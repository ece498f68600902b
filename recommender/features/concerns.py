"""How much each product serves each concern, read from its name, its claims and its ingredients."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.data.parsing.cells import column_cells, texts_in
from recommender.knowledge.knowledge import Knowledge

CLAIMED = 1.0
"""Strength of a concern that is in a product's name or claims."""

_STRONG = 0.95  # the quantile of products' ingredient strengths that counts as fully strong


def product_concerns(products: pd.DataFrame) -> pd.DataFrame:
    """Strength, 0 to 1, of each product (row, by product id) for each concern (column, in the file's order).

    An ingredient that serves a concern counts by its rarity (the logarithm of products over products with it: glycerin
    is everywhere and says little) and by its place on the label, which follows the amount. The sum is divided by that
    of the strongest twentieth of the products that serve the concern at all. A claim counts as full strength.
    """
    knowledge = Knowledge.load()
    labels = [texts_in(cell) for cell in column_cells(products, c.INGREDIENTS)]
    frequency = Counter(name for label in labels for name in {*label})
    weights = {name: np.log(len(products) / count) for name, count in frequency.items()}
    strengths = pd.DataFrame(
        [_strength(label, weights, knowledge) for label in labels],
        index=pd.Index(products[c.PRODUCT_ID], name=c.PRODUCT_ID),
        columns=pd.Index(knowledge.concerns),
        dtype=np.float64,
    ).fillna(0.0)
    claims = _claims(products, knowledge)
    return claims.where(claims > 0, _scaled(strengths))


def strongest_columns(strengths: pd.DataFrame, least: float) -> "pd.Series[Any]":
    """For each row the columns of at least ``least``, the largest value first and equals in column order."""
    values = strengths.to_numpy()
    order = np.argsort(-values, axis=1, kind="stable")
    names = strengths.columns.to_numpy()
    ranked = [names[row[values[i, row] >= least]].tolist() for i, row in enumerate(order)]
    return pd.Series(ranked, index=strengths.index, dtype=object)


def _strength(label: list[str], weights: dict[str, float], knowledge: Knowledge) -> dict[str, float]:
    """Sum of an ingredient list's weights for each concern, discounted by place."""
    found: Counter[str] = Counter()
    for place, name in enumerate(label):
        for concern in knowledge.concerns_of(name):
            found[concern] += weights[name] / np.log2(place + 2)
    return dict(found)


def _scaled(strengths: pd.DataFrame) -> pd.DataFrame:
    """Each column over its strong products' value, cut at 1."""
    strong = strengths.where(strengths > 0).quantile(_STRONG)
    return strengths.div(strong).clip(upper=1.0).fillna(0.0)


def _claims(products: pd.DataFrame, knowledge: Knowledge) -> pd.DataFrame:
    """CLAIMED where a product's name, category or claims name a concern, else 0."""
    columns = (column_cells(products, column) for column in (c.NAME, c.CATEGORY, c.FUNCTIONS))
    found = [
        {concern for cell in row for text in texts_in(cell) for concern in knowledge.concerns_in(text)}
        for row in zip(*columns, strict=True)
    ]
    flags = [[CLAIMED * (concern in named) for concern in knowledge.concerns] for named in found]
    return pd.DataFrame(
        flags, index=pd.Index(products[c.PRODUCT_ID]), columns=pd.Index(knowledge.concerns), dtype=np.float64
    )
