"""Features of customers: what they say, what they used, and how."""

from typing import Any

import pandas as pd

from recommender import columns as c
from recommender.data.tables import Tables
from recommender.features import definitions
from recommender.features.concerns import leading
from recommender.features.products import tier
from recommender.features.snapshot import Snapshot
from recommender.knowledge.knowledge import Knowledge

_NOTICEABLE = 0.1
"""How much more than the catalogue a customer's products must serve a concern for it to be inferred."""

_DAY = pd.Timedelta(days=1)


def customer_profile(snapshot: Snapshot) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_PROFILE`, by customer id."""
    customers = pd.DataFrame(index=snapshot.last_seen.index)
    if snapshot.tables.customers is not None:
        customers = customers.join(snapshot.tables.customers.set_index(c.CUSTOMER_ID))
    return customers.assign(**{definitions.DISMISSED: _dismissed(snapshot.tables)})


def customer_history(snapshot: Snapshot) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_HISTORY`, by customer id."""
    recent = snapshot.uses.groupby(c.CUSTOMER_ID).tail(definitions.LONGEST_HISTORY)
    undated = recent.loc[recent[c.TIME].isna(), c.CUSTOMER_ID]
    dated = recent[~recent[c.CUSTOMER_ID].isin(undated)]
    seconds = dated[c.TIME].dt.as_unit("s").astype("int64")
    history = {
        definitions.RECENT_PRODUCTS: recent.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].agg(list),
        definitions.RECENT_TIMES: seconds.groupby(dated[c.CUSTOMER_ID]).agg(list),
    }
    return pd.DataFrame(history, index=snapshot.last_seen.index)


def customer_activity(snapshot: Snapshot) -> pd.DataFrame:
    """One row a customer: :data:`~recommender.features.definitions.CUSTOMER_ACTIVITY`, by customer id."""
    uses = snapshot.uses.merge(_facts(snapshot.tables.products), on=c.PRODUCT_ID, how="left")
    by_customer = uses.groupby(c.CUSTOMER_ID)
    spend = (uses[c.PRICE] * uses[c.QUANTITY]).groupby(uses[c.CUSTOMER_ID]).sum(min_count=1)
    activity = {
        "purchases": by_customer.size(),
        "products": by_customer[c.PRODUCT_ID].nunique(),
        "average_days_between": _average_gap(uses),
        "days_since_last": (snapshot.now - by_customer[c.TIME].max()) / _DAY,
        "mean_price": by_customer[c.PRICE].mean(),
        "spend": spend,
        "spend_level": tier(spend),
        "top_products": _top_products(uses),
        "mean_rating": by_customer[c.RATING].mean(),
        "top_brand": _most_used(uses, c.BRAND),
        "top_category": _most_used(uses, c.CATEGORY),
        "inferred_concerns": _inferred_concerns(snapshot),
        definitions.INFERRED_AVOIDANCES: _inferred_avoidances(snapshot.tables),
    }
    return pd.DataFrame(activity, index=snapshot.last_seen.index).fillna({"purchases": 0, "products": 0})


def _dismissed(tables: Tables) -> "pd.Series[Any]":
    """Products that each customer dismissed, in order of the first time."""
    if tables.events is None or c.PRODUCT_ID not in tables.events:
        return pd.Series(dtype=object)
    dismissals = tables.events[(tables.events[c.TYPE] == c.DISMISS) & tables.events[c.PRODUCT_ID].notna()]
    in_time = dismissals.sort_values(c.TIME, kind="stable").drop_duplicates([c.CUSTOMER_ID, c.PRODUCT_ID])
    return in_time.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].agg(list)


def _facts(products: pd.DataFrame) -> pd.DataFrame:
    """Price, brand and category of each product, missing where the catalogue has no such column."""
    return products.reindex(columns=[c.PRODUCT_ID, c.PRICE, c.BRAND, c.CATEGORY])


def _average_gap(uses: pd.DataFrame) -> "pd.Series[float]":
    """Mean number of days between days with a use; missing with fewer than two such days."""
    days = uses[c.TIME].dt.floor("D").groupby(uses[c.CUSTOMER_ID])
    count = days.nunique()
    return (days.max() - days.min()) / _DAY / (count - 1).where(count > 1)


def _by_use(uses: pd.DataFrame, column: str) -> pd.DataFrame:
    """Each customer's values of a column, most used first; of equally frequent ones the later used."""
    named = uses.loc[uses[column].notna(), [c.CUSTOMER_ID, column]].assign(last=lambda rows: range(len(rows)))
    counted = named.groupby([c.CUSTOMER_ID, column], as_index=False).agg(count=("last", "size"), last=("last", "max"))
    return counted.sort_values(["count", "last"], ascending=False)


def _top_products(uses: pd.DataFrame) -> "pd.Series[Any]":
    """Each customer's products used most often."""
    first = _by_use(uses, c.PRODUCT_ID).groupby(c.CUSTOMER_ID).head(definitions.TOP_PRODUCTS)
    return first.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].agg(list)


def _most_used(uses: pd.DataFrame, column: str) -> "pd.Series[Any]":
    """Each customer's most frequent value of a column."""
    return _by_use(uses, column).drop_duplicates(c.CUSTOMER_ID).set_index(c.CUSTOMER_ID)[column]


def _inferred_concerns(snapshot: Snapshot) -> "pd.Series[Any]":
    """Concerns that each customer's products serve more than the catalogue's mean product does."""
    excess = snapshot.concerns - snapshot.concerns.mean()
    used = excess.reindex(snapshot.uses[c.PRODUCT_ID])
    return leading(used.groupby(snapshot.uses[c.CUSTOMER_ID].to_numpy()).mean(), least=_NOTICEABLE)


def _inferred_avoidances(tables: Tables) -> "pd.Series[Any]":
    """What each customer's searches want left out, the most frequent first, equals by name."""
    if tables.events is None or c.QUERY not in tables.events:
        return pd.Series(dtype=object)
    searches = tables.events[(tables.events[c.TYPE] == c.SEARCH) & tables.events[c.QUERY].notna()]
    knowledge = Knowledge.load()
    read = {text: sorted(knowledge.left_out(text)) for text in searches[c.QUERY].unique()}
    found = searches[[c.CUSTOMER_ID]].assign(term=searches[c.QUERY].map(read)).explode("term").dropna()
    counted = found.groupby([c.CUSTOMER_ID, "term"]).size().rename("count").reset_index()
    ordered = counted.sort_values(["count", "term"], ascending=[False, True], kind="stable")
    return ordered.groupby(c.CUSTOMER_ID)["term"].agg(list)
