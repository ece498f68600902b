"""The columns of answers that drift is measured on: what was requested, by whom, and what was recommended."""

import json
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.customer_facts import CustomerFacts
from feedback.join import OWNER
from feedback.live_metrics import history_band
from monitoring.reference import customer_columns, product_columns
from recommender.contract import columns as c
from recommender.contract.impressions import BROUGHT, FALLBACK, KIND, PRODUCTS, SCORES, K
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


def request_frame(answers: pd.DataFrame, facts: CustomerFacts) -> pd.DataFrame:
    """One row an answer: customer_id, what was requested, and what is known of the customer; all texts or missing.

    Answers of an earlier version's log, which does not have what was requested, are left out.
    """
    logged = answers[answers[KIND].notna()]
    unknown = logged[FALLBACK] == _UNKNOWN_CUSTOMER
    columns = {
        c.CUSTOMER_ID: logged[OWNER],
        ASKED: logged[KIND].where(~unknown, _UNKNOWN_CUSTOMER),
        "k": logged[K].astype(str),
        PROFILE: logged[BROUGHT],
        HISTORY: logged[OWNER].map(lambda owner: history_band(facts.purchases.get(owner, 0))),
    }
    return pd.DataFrame(columns, dtype=object).merge(
        customer_columns(facts.about.reset_index()), how="left", on=c.CUSTOMER_ID
    )


def recommendation_frames(
    first: pd.DataFrame, latest: pd.DataFrame, tables: Tables
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a product at the top of an answer: customer_id, the product's attributes, and the answer's best score.

    Scores are given as deciles of the first answers' scores.
    """
    edges = _edges(_best(first))
    products = product_columns(without_imputed_values(tables).products).assign(**{POPULARITY: _popularity(tables)})
    known, seen = (_top_products(side, edges).merge(products, how="left", on=c.PRODUCT_ID) for side in (first, latest))
    return known.drop(columns=c.PRODUCT_ID), seen.drop(columns=c.PRODUCT_ID)


def _top_products(answers: pd.DataFrame, edges: NDArray[np.float64]) -> pd.DataFrame:
    """The products at the top of each answer with its score band; one missing product for an empty answer."""
    best = _best(answers)
    bands = pd.Series(np.searchsorted(edges, best, side="right").astype(str), answers.index, dtype=object)
    columns = {
        c.CUSTOMER_ID: answers[OWNER],
        c.PRODUCT_ID: answers[PRODUCTS].map(lambda products: products[:LEADING]),
        SCORE: bands.mask(np.isnan(best)),
    }
    return pd.DataFrame(columns, dtype=object).explode(c.PRODUCT_ID, ignore_index=True)


def _best(answers: pd.DataFrame) -> NDArray[np.float64]:
    """The score of each answer's first product; missing where it has none."""
    scores = (json.loads(text) for text in answers[SCORES])
    return np.array([values[0] if values else np.nan for values in scores], np.float64)


def _edges(best: NDArray[np.float64]) -> NDArray[np.float64]:
    known = best[~np.isnan(best)]
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, _SCORE_BANDS) / _SCORE_BANDS))


def _popularity(tables: Tables) -> "pd.Series[str]":
    """The popularity band of each product, in the order of the table."""
    counts = tables.products[c.PRODUCT_ID].map(interactions(tables)[c.PRODUCT_ID].value_counts()).fillna(0)
    places = counts.rank(ascending=False, method="max") / len(counts)
    return places.map(lambda place: next(name for end, name in _POPULARITY_BANDS if place <= end))
