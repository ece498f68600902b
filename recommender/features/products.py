"""Features of products: how they sell, how they are rated, what they cost and serve."""

from typing import Any

import pandas as pd

from recommender import columns as c
from recommender.features.concerns import leading
from recommender.features.definitions import PRICE_TIERS, PRIOR_RATINGS, RECENT_DAYS, SEASON_DAYS
from recommender.features.snapshot import Snapshot

_DAY = pd.Timedelta(days=1)
_SERVED = 0.5  # strength from which a product counts as serving a concern


def product_statistics(snapshot: Snapshot) -> pd.DataFrame:
    """One row a product: :data:`~recommender.features.definitions.PRODUCT_STATISTICS`, by product id."""
    products, uses = snapshot.tables.products.set_index(c.PRODUCT_ID).sort_index(), snapshot.uses
    age = snapshot.now - uses[c.TIME]
    rated = uses.drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID], keep="last")
    prices = products.reindex(columns=[c.PRICE])[c.PRICE]
    statistics = {
        "popularity_30d": _count_within(RECENT_DAYS, age, uses, products.index),
        "popularity_90d": _count_within(SEASON_DAYS, age, uses, products.index),
        "popularity_all": _count(uses, products.index),
        "ratings": _count(rated[rated[c.RATING].notna()], products.index),
        "rating_bayes": _bayesian_rating(rated, products.index),
        c.PRICE: prices,
        "price_tier": tier(prices),
        "days_since_launch": _age(products, snapshot.now),
        c.CONCERNS: leading(snapshot.concerns, least=_SERVED),
    }
    return pd.DataFrame(statistics, index=products.index)


def _count(uses: pd.DataFrame, products: pd.Index) -> "pd.Series[int]":
    return uses.groupby(c.PRODUCT_ID).size().reindex(products, fill_value=0)


def _count_within(
    days: int, age: "pd.Series[pd.Timedelta]", uses: pd.DataFrame, products: pd.Index
) -> "pd.Series[int] | None":
    """Uses of each product in the last ``days``; None in data without times."""
    return _count(uses[age < days * _DAY], products) if age.notna().any() else None


def _bayesian_rating(rated: pd.DataFrame, products: pd.Index) -> "pd.Series[float]":
    """(prior x mean of all + sum of own) / (prior + number of own); missing where nobody rated anything."""
    own = rated.groupby(c.PRODUCT_ID)[c.RATING].agg(["sum", "count"]).reindex(products, fill_value=0)
    return (PRIOR_RATINGS * rated[c.RATING].mean() + own["sum"]) / (PRIOR_RATINGS + own["count"])


def tier(amounts: "pd.Series[float]") -> "pd.Series[Any]":
    """Which third of the known amounts each is in; missing where it is not known."""
    bounds = [amounts.quantile(third) for third in (1 / 3, 2 / 3)]
    tiers = pd.Series(PRICE_TIERS[0], index=amounts.index, dtype=object)
    for bound, name in zip(bounds, PRICE_TIERS[1:], strict=True):
        tiers = tiers.mask(amounts > bound, name)
    return tiers.mask(amounts.isna(), None)


def _age(products: pd.DataFrame, now: pd.Timestamp) -> "pd.Series[float]":
    """Days since the launch; missing where the launch is not known."""
    if c.LAUNCHED not in products:
        return pd.Series(float("nan"), index=products.index)
    return (now - products[c.LAUNCHED]) / _DAY
