"""The slices that a model is evaluated on: a good mean may hide customers it fails."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.query import Query
from recommender.data.interactions import interactions
from recommender.models.candidate_models.customer_groups import age_band
from recommender.splits import Split
from recommender.splits.held_out import SAME_DAY

TARGET_SALES: Final = "target sales"
TARGET_DAY: Final = "target day"
#: Slices by what was bought, not by who bought it: no customer is in one of them for good.
OF_PURCHASES: Final = frozenset({TARGET_SALES, TARGET_DAY})

_HISTORY_BINS = [-1, 0, 1, 2, 5, 10, np.inf]
_HISTORY_LABELS = ["none", "1", "2", "3–5", "6–10", "over 10"]
_SALES_BINS = [-1, 0, 4, 9, 49, np.inf]
_SALES_LABELS = ["0", "1–4", "5–9", "10–49", "50 and more"]


def with_slices(ranks: pd.DataFrame, split: Split, queries: list[Query], age_bands: Sequence[int]) -> pd.DataFrame:
    """``ranks`` (one row a held-out product) with one column ``slice_<name>`` a slice; NaN in rows outside of it.

    There is one query a tested customer; ``age_bands`` are lower bounds.
    """
    by_customer = {query.customer_id: query for query in queries}
    each = [by_customer[customer] for customer in ranks[c.CUSTOMER_ID]]
    return ranks.assign(**{f"slice_{name}": values for name, values in _columns(ranks, split, each, age_bands)})


def _columns(
    ranks: pd.DataFrame, split: Split, queries: list[Query], age_bands: Sequence[int]
) -> Iterator[tuple[str, Any]]:
    yield (
        "history",
        pd.cut(pd.Series([len({*query.products}) for query in queries]), _HISTORY_BINS, labels=_HISTORY_LABELS),
    )
    yield TARGET_SALES, pd.cut(_sales(split)(ranks[c.PRODUCT_ID]), _SALES_BINS, labels=_SALES_LABELS)
    if ranks[c.TIME].notna().any():
        yield TARGET_DAY, np.where(ranks[SAME_DAY], "same day", "later day")
    profiles = [query.profile for query in queries]
    yield from _known("skin type", [profile.skin_type for profile in profiles])
    yield from _known("region", [profile.region for profile in profiles])
    yield from _known("age", [age_band(profile.age, age_bands) or None for profile in profiles])


def _known(name: str, values: list[Any]) -> Iterator[tuple[str, Any]]:
    if any(value is not None for value in values):
        yield name, values


def _sales(split: Split) -> Any:
    """Counts, by product, how many customers used it in training."""
    counts = interactions(split.train).drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID])[c.PRODUCT_ID].value_counts()
    return lambda products: products.map(counts).fillna(0)
