"""What counts as a customer's history, everywhere: purchases, and ratings of products not bought here."""

from typing import Any, Final

import pandas as pd

from recommender import columns as c
from recommender.data.tables import Tables

COLUMNS: Final = (c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME, c.POSITION, c.RATING, c.QUANTITY)

_PAIR: Final = [c.CUSTOMER_ID, c.PRODUCT_ID]
_SAME_PURCHASE: Final = pd.Timedelta(days=1)
"""A purchase event this near to a transaction of the same customer and product tells of the same purchase."""


def interactions(tables: Tables) -> pd.DataFrame:
    """One row for each use of a product by a customer.

    Transactions are uses; so are purchase events, unless a transaction tells of the same purchase, and ratings
    (of any height: who rates has used it), unless the customer bought the product: then the rating stands at
    the purchases. Of several ratings of one product the last counts.

    Returns:
        Sorted by customer, time (uses without one first) and position: customer_id; product_id; time (UTC, NaT
        where not known); position (int, order in the customer's equal times); rating (float, 1 to 5, NaN where
        there is none); quantity (int).
    """
    bought = _without_known(_purchases(tables), _purchase_events(tables))
    rated = _last_ratings(tables)
    ratings = rated.set_index(_PAIR)[c.RATING]
    bought = bought.assign(rating=ratings.reindex(pd.MultiIndex.from_frame(bought[_PAIR])).to_numpy(dtype=float))
    only_rated = rated[~_in(rated, bought)]
    return _in_order(pd.concat([bought, only_rated[[*COLUMNS]]], ignore_index=True))


def _uses(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """``frame`` with the columns of a use; what it lacks is missing."""
    blank = {c.TIME: pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]"), c.RATING: float("nan")}
    lacking = {name: value for name, value in (blank | columns).items() if name not in frame}
    return frame.assign(**lacking)[[*COLUMNS]]


def _purchases(tables: Tables) -> pd.DataFrame:
    if tables.transactions is None:
        return _no_uses(tables)
    uses = _uses(tables.transactions)
    pieces = uses.groupby([*_PAIR, c.TIME], dropna=False)[c.QUANTITY].transform("sum")
    return uses.assign(quantity=pieces).drop_duplicates([*_PAIR, c.TIME], ignore_index=True)


def _purchase_events(tables: Tables) -> pd.DataFrame:
    if tables.events is None or c.PRODUCT_ID not in tables.events:
        return _no_uses(tables)
    events = tables.events[tables.events[c.TYPE] == c.PURCHASE]
    return _uses(events, position=range(len(events)), quantity=1).drop_duplicates([*_PAIR, c.TIME], ignore_index=True)


def _no_uses(tables: Tables) -> pd.DataFrame:
    """No row, with the columns and types of uses."""
    return _uses(tables.products[[c.PRODUCT_ID]].head(0), customer_id="", position=0, quantity=0)


def _last_ratings(tables: Tables) -> pd.DataFrame:
    """The last rating of each product by each customer: by time, and where there are no times by order."""
    if tables.ratings is None:
        return _no_uses(tables)
    ratings = _uses(tables.ratings, position=range(len(tables.ratings)), quantity=1)
    in_time = ratings.sort_values(c.TIME, kind="stable", na_position="first")
    return in_time.drop_duplicates(_PAIR, keep="last")


def _without_known(purchases: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Purchases, and the purchase events that no dated purchase already tells of."""
    if events.empty:
        return purchases
    dated = purchases.loc[purchases[c.TIME].notna(), [*_PAIR, c.TIME]].sort_values(c.TIME).assign(known=True)
    nearest = pd.merge_asof(
        events.sort_values(c.TIME), dated, on=c.TIME, by=_PAIR, direction="nearest", tolerance=_SAME_PURCHASE
    )
    return pd.concat([purchases, nearest.loc[nearest["known"].isna(), [*COLUMNS]]], ignore_index=True)


def _in(left: pd.DataFrame, right: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows of ``left`` have a customer and product that ``right`` has too."""
    known = pd.MultiIndex.from_frame(right[_PAIR])
    return pd.Series(pd.MultiIndex.from_frame(left[_PAIR]).isin(known), index=left.index)


def _in_order(uses: pd.DataFrame) -> pd.DataFrame:
    ordered = uses.sort_values([c.CUSTOMER_ID, c.TIME, c.POSITION], kind="stable", na_position="first")
    position = ordered.groupby([c.CUSTOMER_ID, c.TIME], dropna=False).cumcount()
    return ordered.assign(position=position, quantity=ordered[c.QUANTITY].astype("int64")).reset_index(drop=True)
