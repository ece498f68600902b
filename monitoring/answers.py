"""What is compared of answers: what was asked for, by whom, and what was recommended."""

import json
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.customer_facts import Declared
from feedback.join import OWNER
from feedback.live_metrics import history_band
from feedback.log_reader import BROUGHT, FALLBACK, KIND, PRODUCTS, SCORES, K
from monitoring.reference import of_customers, of_products
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.imputation import without_imputed_values
from recommender.data.interactions import interactions

# Columns of the comparisons that no table has.
ASKED: Final = "asked"
PROFILE: Final = "profile"
HISTORY: Final = "history"
SCORE: Final = "score"
POPULARITY: Final = "popularity"

#: Products of an answer that are looked at: lists differ in length, and of all the first are seen.
LEADING: Final = 3
_SCORE_BANDS: Final = 10
#: Of the products by their purchases: up to which share of them a band reaches.
_POPULARITY_BANDS: Final = ((0.01, "top 1%"), (0.1, "top 10%"), (0.5, "top half"), (1.0, "rest"))
#: As the endpoint names it.
_UNKNOWN_CUSTOMER: Final = "unknown_customer"


def requests(answers: pd.DataFrame, declared: Declared) -> pd.DataFrame:
    """One row an answer: customer_id, what was asked for, and what is known of who asked; all texts or missing.

    Answers that were logged before it was told what was asked for are left out.

    Args:
        answers: Rows of the join (``feedback.join``), with their owners.
        declared: What is known of customers, by their pseudonyms.
    """
    told = answers[answers[KIND].notna()]
    strange = told[FALLBACK] == _UNKNOWN_CUSTOMER
    columns = {
        c.CUSTOMER_ID: told[OWNER],
        ASKED: told[KIND].where(~strange, _UNKNOWN_CUSTOMER),
        "k": told[K].astype(str),
        PROFILE: told[BROUGHT],
        HISTORY: told[OWNER].map(lambda owner: history_band(declared.purchases.get(owner, 0))),
    }
    return pd.DataFrame(columns, dtype=object).merge(
        of_customers(declared.about.reset_index()), how="left", on=c.CUSTOMER_ID
    )


def recommended(first: pd.DataFrame, latest: pd.DataFrame, tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a product at the head of an answer: customer_id, what the product is of, and the answer's best score.

    Scores are told by the tenths of the first answers' in which they lie.

    Args:
        first: Rows of the join: the answers that others are compared with.
        latest: The others.
        tables: What is known of the products.
    """
    edges = _edges(_best(first))
    products = of_products(without_imputed_values(tables).products).assign(**{POPULARITY: _popularity(tables)})
    known, seen = (_headed(side, edges).merge(products, how="left", on=c.PRODUCT_ID) for side in (first, latest))
    return known.drop(columns=c.PRODUCT_ID), seen.drop(columns=c.PRODUCT_ID)


def _headed(answers: pd.DataFrame, edges: NDArray[np.float64]) -> pd.DataFrame:
    """The products at the head of each answer, with its band of scores; of an empty answer one that is missing."""
    best = _best(answers)
    bands = pd.Series(np.searchsorted(edges, best, side="right").astype(str), answers.index, dtype=object)
    heads = {
        c.CUSTOMER_ID: answers[OWNER],
        c.PRODUCT_ID: answers[PRODUCTS].map(lambda products: products[:LEADING]),
        SCORE: bands.mask(np.isnan(best)),
    }
    return pd.DataFrame(heads, dtype=object).explode(c.PRODUCT_ID, ignore_index=True)


def _best(answers: pd.DataFrame) -> NDArray[np.float64]:
    """The score of each answer's first product; missing where it has none."""
    scores = (json.loads(text) for text in answers[SCORES])
    return np.array([each[0] if each else np.nan for each in scores], np.float64)


def _edges(best: NDArray[np.float64]) -> NDArray[np.float64]:
    known = best[~np.isnan(best)]
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, _SCORE_BANDS) / _SCORE_BANDS))


def _popularity(tables: Tables) -> "pd.Series[str]":
    """The band of each product, in the order of the table."""
    counts = tables.products[c.PRODUCT_ID].map(interactions(tables)[c.PRODUCT_ID].value_counts()).fillna(0)
    places = counts.rank(ascending=False, method="max") / len(counts)
    return places.map(lambda place: next(name for end, name in _POPULARITY_BANDS if place <= end))
