"""The one definition of a customer's history: purchases, and ratings of products not bought here."""

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import ibis
import pandas as pd

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.arrow import as_frame
from recommender.contract.tables import Tables
from recommender.data.engines.backend import ROW, TIMESTAMP
from recommender.data.engines.relations import open_backend, relations

COLUMNS: Final = (c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME, c.POSITION, c.RATING, c.QUANTITY)

_PAIR: Final = (c.CUSTOMER_ID, c.PRODUCT_ID)
SAME_PURCHASE_DAYS: Final = 1
"""A purchase event within so many days of a transaction of the same customer and product is the same purchase."""

_KNOWN: Final = WeakKeyDictionary[Tables, pd.DataFrame]()
"""Interactions of tables that are still in use."""

_KIND: Final = "_kind"
"""Order of uses at one time and position: purchases, then purchase events, then ratings."""


def interactions(tables: Tables) -> pd.DataFrame:
    """The rows of :func:`uses` of tables in memory, in order: by customer, time (those without first), position.

    A training needs those of the same tables a dozen times; they are computed once.
    """
    if tables not in _KNOWN:
        with open_backend() as backend:
            found = uses(relations(tables, backend))
            ordered = found.order_by(c.CUSTOMER_ID, ibis.asc(c.TIME, nulls_first=True), c.POSITION)
            _KNOWN[tables] = as_frame(backend.to_arrow(ordered)).astype({c.POSITION: "int64", c.QUANTITY: "int64"})
    return _KNOWN[tables].copy()


def uses(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """One row for each use of a product by a customer.

    Transactions are uses; so are purchase events, unless a transaction is of the same purchase, and ratings (good or
    bad: who rates a product has used it), unless the customer bought the product: then the rating is added to the
    purchases. Of several ratings of one product the last counts.

    What came back is not in clean tables, so it is no use at any moment, also before it came back. Its rating is one:
    the customer has tried it and said so. Guests' baskets are nobody's uses.

    Returns:
        customer_id; product_id; time (UTC, missing where not known); position (int, from 0: order among the
        customer's equal times); rating (1 to 5, missing where there is none); quantity (int).
    """
    # Two rows of one basket are one use, with the pieces of both.
    purchases = _one_row_per_purchase(_as_uses(tables[c.TRANSACTIONS], 0)) if c.TRANSACTIONS in tables else None
    clicked = _without_transactions(purchases, _purchase_events(tables.get(c.EVENTS)))
    bought = _union(purchases, clicked)
    rated = _last_ratings(tables[c.RATINGS]) if c.RATINGS in tables else None
    if rated is None or bought is None:
        found = _union(bought, rated)
        return _with_positions(_no_uses(tables) if found is None else found)
    ratings = rated.select(*_PAIR, given=c.RATING)
    bought = bought.left_join(ratings, _PAIR).mutate(rating=ibis._.given).select(*_INNER)
    return _with_positions(bought.union(rated.anti_join(bought, _PAIR)))


_INNER: Final = (*COLUMNS, ROW, _KIND)


def _union(*parts: ibis.Table | None) -> ibis.Table | None:
    there = [part for part in parts if part is not None]
    return ibis.union(*there) if len(there) > 1 else next(iter(there), None)


def _as_uses(rows: ibis.Table, kind: int, **columns: Any) -> ibis.Table:
    """``rows`` with all columns of a use, missing where they lack one."""
    blank = {c.TIME: ibis.null("timestamp('UTC')"), c.RATING: ibis.null("float64")}
    lacking = {name: value for name, value in (blank | columns).items() if name not in rows.columns}
    types = {c.POSITION: "int64", c.QUANTITY: "int64", c.RATING: "float64", c.TIME: TIMESTAMP}
    return rows.mutate(**lacking, **{_KIND: ibis.literal(kind, "int64")}).select(*_INNER).cast(types)


def _purchase_events(events: ibis.Table | None) -> ibis.Table | None:
    if events is None or c.PRODUCT_ID not in events.columns:
        return None
    return _one_row_per_purchase(
        _as_uses(events.filter(events[c.TYPE] == event_types.PURCHASE), 1, position=ibis._[ROW], quantity=1), pieces=1
    )


def _one_row_per_purchase(rows: ibis.Table, pieces: int | None = None) -> ibis.Table:
    """The first row of each customer, product and time, with the sum of their pieces, or ``pieces``."""
    return (
        rows.group_by(*_PAIR, c.TIME)
        .agg(
            position=rows[c.POSITION].argmin(rows[ROW]),
            quantity=rows[c.QUANTITY].sum() if pieces is None else ibis.literal(pieces, "int64"),
            **{ROW: rows[ROW].min(), _KIND: rows[_KIND].min()},
        )
        .mutate(rating=ibis.null("float64"), quantity=ibis._.quantity.cast("int64"))
        .select(*_INNER)
    )


def _last_ratings(ratings: ibis.Table) -> ibis.Table:
    """The last rating of each product by each customer: by time, or without times by order."""
    found = _as_uses(ratings, 2, position=ibis._[ROW], quantity=1)
    latest = [ibis.desc(c.TIME, nulls_first=False), ibis.desc(ROW)]
    return (
        found.mutate(place=ibis.row_number().over(group_by=_PAIR, order_by=latest))
        .filter(ibis._.place == 0)
        .select(*_INNER)
    )


def _without_transactions(purchases: ibis.Table | None, events: ibis.Table | None) -> ibis.Table | None:
    """The purchase events that are not of a dated purchase."""
    if purchases is None or events is None:
        return events
    dated = purchases.filter(purchases[c.TIME].notnull()).select(*_PAIR, known=c.TIME)
    near = ibis.interval(days=SAME_PURCHASE_DAYS)
    told = events.join(dated, _PAIR).filter(ibis._.known.between(ibis._.time - near, ibis._.time + near))
    return events.anti_join(told.select(ROW).distinct(), ROW)


def _no_uses(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """No row, with the columns and types of uses."""
    products = tables[c.PRODUCTS].select(c.PRODUCT_ID, ROW).limit(0)
    return _as_uses(products.mutate(customer_id=products[c.PRODUCT_ID]), 0, position=0, quantity=0)


def _with_positions(rows: ibis.Table) -> ibis.Table:
    """Positions counted from 0 within each customer's equal times."""
    place = ibis.row_number().over(group_by=(c.CUSTOMER_ID, c.TIME), order_by=(c.POSITION, _KIND, ROW))
    return rows.mutate(position=place.cast("int64")).select(*COLUMNS)
