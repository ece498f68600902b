"""Features of customers: what they say, what they used, and how."""

from typing import Any

import pandas as pd

from recommender import columns as c
from recommender.data.interactions import interactions
from recommender.data.tables import Tables
from recommender.features import definitions
from recommender.features.concerns import leading, product_concerns
from recommender.features.moment import last_seen

_NOTICEABLE = 0.1
"""How much more than the catalogue a customer's products must serve a concern for it to be inferred."""

_DAY = pd.Timedelta(days=1)


def customer_profile(tables: Tables) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_PROFILE`, by customer id."""
    customers = pd.DataFrame(index=last_seen(tables).index)
    if tables.customers is not None:
        customers = customers.join(tables.customers.set_index(c.CUSTOMER_ID))
    return customers.assign(**{definitions.DISMISSED: _dismissed(tables)})


def customer_history(tables: Tables) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_HISTORY`, by customer id."""
    recent = interactions(tables).groupby(c.CUSTOMER_ID).tail(definitions.LONGEST_HISTORY)
    by_customer = recent.groupby(c.CUSTOMER_ID)
    history = pd.DataFrame(
        {
            definitions.RECENT_PRODUCTS: by_customer[c.PRODUCT_ID].agg(list),
            definitions.RECENT_TIMES: by_customer[c.TIME].agg(_seconds),
        }
    )
    return history.reindex(last_seen(tables).index)


def customer_activity(tables: Tables, now: pd.Timestamp) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_ACTIVITY`, by customer id.

    Args:
        tables: What was known at ``now``.
        now: The moment to which ``days_since_last`` counts.
    """
    uses = interactions(tables).merge(_facts(tables.products), on=c.PRODUCT_ID, how="left")
    by_customer = uses.groupby(c.CUSTOMER_ID)
    activity = pd.DataFrame(
        {
            "purchases": by_customer.size(),
            "products": by_customer[c.PRODUCT_ID].nunique(),
            "average_days_between": _average_gap(uses),
            "days_since_last": (now - by_customer[c.TIME].max()) / _DAY,
            "mean_price": by_customer[c.PRICE].mean(),
            "mean_rating": by_customer[c.RATING].mean(),
            "top_brand": _most_used(uses, c.BRAND),
            "top_category": _most_used(uses, c.CATEGORY),
            "inferred_concerns": _inferred_concerns(tables, uses),
        }
    )
    activity = activity.reindex(last_seen(tables).index)
    return activity.fillna({"purchases": 0, "products": 0})


def _dismissed(tables: Tables) -> "pd.Series[Any]":
    """Products that each customer dismissed, in order of the first time."""
    if tables.events is None or c.PRODUCT_ID not in tables.events:
        return pd.Series(dtype=object)
    dismissals = tables.events[(tables.events[c.TYPE] == c.DISMISS) & tables.events[c.PRODUCT_ID].notna()]
    in_time = dismissals.sort_values(c.TIME, kind="stable").drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID])
    return in_time.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].agg(list)


def _seconds(times: "pd.Series[pd.Timestamp]") -> list[int]:
    """Seconds since 1970, or nothing where a time is not known."""
    if times.isna().any():
        return []
    return times.dt.as_unit("s").astype("int64").tolist()


def _facts(products: pd.DataFrame) -> pd.DataFrame:
    """Price, brand and category of each product, missing where the catalogue has no such column."""
    return products.reindex(columns=[c.PRODUCT_ID, c.PRICE, c.BRAND, c.CATEGORY])


def _average_gap(uses: pd.DataFrame) -> "pd.Series[float]":
    """Mean number of days between days with a use; missing with fewer than two such days."""
    days = uses[c.TIME].dt.floor("D").groupby(uses[c.CUSTOMER_ID])
    count = days.nunique()
    return (days.max() - days.min()) / _DAY / (count - 1).where(count > 1)


def _most_used(uses: pd.DataFrame, column: str) -> "pd.Series[Any]":
    """Each customer's most frequent value of a column; of equally frequent ones that which was used later."""
    named = uses.loc[uses[column].notna(), [c.CUSTOMER_ID, column]].assign(last=lambda rows: range(len(rows)))
    counted = named.groupby([c.CUSTOMER_ID, column], as_index=False).agg(count=("last", "size"), last=("last", "max"))
    ordered = counted.sort_values(["count", "last"])
    return ordered.drop_duplicates(c.CUSTOMER_ID, keep="last").set_index(c.CUSTOMER_ID)[column]


def _inferred_concerns(tables: Tables, uses: pd.DataFrame) -> "pd.Series[Any]":
    """Concerns that each customer's products serve more than the catalogue's mean product does."""
    serves = product_concerns(tables.products)
    excess = serves - serves.mean()
    mean = excess.reindex(uses[c.PRODUCT_ID]).groupby(uses[c.CUSTOMER_ID].to_numpy()).mean()
    return leading(mean, least=_NOTICEABLE)
