"""What counts as a customer's history, everywhere: purchases, and ratings of products not bought here."""

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import ibis
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.arrow import as_frame
from recommender.contract.tables import Tables
from recommender.data.engines.backend import ROW, TIMESTAMP
from recommender.data.engines.opening import opened
from recommender.data.engines.transfer import relations

COLUMNS: Final = (c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME, c.POSITION, c.RATING, c.QUANTITY)

_PAIR: Final = (c.CUSTOMER_ID, c.PRODUCT_ID)
_SAME_PURCHASE: Final = 1
"""A purchase event this many days from a transaction of the same customer and product tells of the same purchase."""

_KNOWN: Final = WeakKeyDictionary[Tables, pd.DataFrame]()
"""Of tables that are still in use."""

_KIND: Final = "_kind"
"""Of uses at one time and position purchases come first, then purchase events, then ratings."""


def interactions(tables: Tables) -> pd.DataFrame:
    """The rows of :func:`uses` of tables in memory, in order: by customer, time (those without first), position.

    A training asks for those of the same tables a dozen times; they are worked out once.
    """
    if tables not in _KNOWN:
        _KNOWN[tables] = _worked_out(tables)
    return _KNOWN[tables].copy()


def _worked_out(tables: Tables) -> pd.DataFrame:
    with opened() as backend:
        found = uses(relations(tables, backend))
        ordered = found.order_by(c.CUSTOMER_ID, ibis.asc(c.TIME, nulls_first=True), c.POSITION)
        return as_frame(backend.fetched(ordered)).astype({c.POSITION: "int64", c.QUANTITY: "int64"})


def uses(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """One row for each use of a product by a customer.

    Transactions are uses; so are purchase events, unless a transaction tells of the same purchase, and ratings
    (of any height: who rates has used it), unless the customer bought the product: then the rating stands at
    the purchases. Of several ratings of one product the last counts.

    Returns:
        customer_id; product_id; time (UTC, missing where not known); position (int, from 0: order among the
        customer's equal times); rating (1 to 5, missing where there is none); quantity (int).
    """
    purchases = _purchases(tables[c.TRANSACTIONS]) if c.TRANSACTIONS in tables else None
    clicked = _without_known(purchases, _purchase_events(tables.get(c.EVENTS)))
    bought = _union(purchases, clicked)
    rated = _last_ratings(tables[c.RATINGS]) if c.RATINGS in tables else None
    if rated is None or bought is None:
        found = _union(bought, rated)
        return _placed(_nothing(tables) if found is None else found)
    ratings = rated.select(*_PAIR, given=c.RATING)
    bought = bought.left_join(ratings, _PAIR).mutate(rating=ibis._.given).select(*_INNER)
    return _placed(bought.union(rated.anti_join(bought, _PAIR)))


_INNER: Final = (*COLUMNS, ROW, _KIND)


def _union(*parts: ibis.Table | None) -> ibis.Table | None:
    there = [part for part in parts if part is not None]
    return ibis.union(*there) if len(there) > 1 else next(iter(there), None)


def _as_uses(rows: ibis.Table, kind: int, **columns: Any) -> ibis.Table:
    """``rows`` with the columns of a use; what they lack is missing."""
    blank = {c.TIME: ibis.null("timestamp('UTC')"), c.RATING: ibis.null("float64")}
    lacking = {name: value for name, value in (blank | columns).items() if name not in rows.columns}
    types = {c.POSITION: "int64", c.QUANTITY: "int64", c.RATING: "float64", c.TIME: TIMESTAMP}
    return rows.mutate(**lacking, **{_KIND: ibis.literal(kind, "int64")}).select(*_INNER).cast(types)


def _purchases(transactions: ibis.Table) -> ibis.Table:
    """One row a product and time: who puts it into the basket twice uses it once, with all pieces."""
    return _once(_as_uses(transactions, 0))


def _purchase_events(events: ibis.Table | None) -> ibis.Table | None:
    if events is None or c.PRODUCT_ID not in events.columns:
        return None
    return _once(_as_uses(events.filter(events[c.TYPE] == c.PURCHASE), 1, position=ibis._[ROW], quantity=1), pieces=1)


def _once(found: ibis.Table, pieces: int | None = None) -> ibis.Table:
    """Of the rows with one customer, product and time the first, with the sum of their pieces or as many as given."""
    return (
        found.group_by(*_PAIR, c.TIME)
        .agg(
            position=found[c.POSITION].argmin(found[ROW]),
            quantity=found[c.QUANTITY].sum() if pieces is None else ibis.literal(pieces, "int64"),
            **{ROW: found[ROW].min(), _KIND: found[_KIND].min()},
        )
        .mutate(rating=ibis.null("float64"), quantity=ibis._.quantity.cast("int64"))
        .select(*_INNER)
    )


def _last_ratings(ratings: ibis.Table) -> ibis.Table:
    """The last rating of each product by each customer: by time, and where there are no times by order."""
    found = _as_uses(ratings, 2, position=ibis._[ROW], quantity=1)
    latest = [ibis.desc(c.TIME, nulls_first=False), ibis.desc(ROW)]
    return (
        found.mutate(place=ibis.row_number().over(group_by=_PAIR, order_by=latest))
        .filter(ibis._.place == 0)
        .select(*_INNER)
    )


def _without_known(purchases: ibis.Table | None, events: ibis.Table | None) -> ibis.Table | None:
    """The purchase events that no dated purchase already tells of."""
    if purchases is None or events is None:
        return events
    dated = purchases.filter(purchases[c.TIME].notnull()).select(*_PAIR, known=c.TIME)
    near = ibis.interval(days=_SAME_PURCHASE)
    told = events.join(dated, _PAIR).filter(ibis._.known.between(ibis._.time - near, ibis._.time + near))
    return events.anti_join(told.select(ROW).distinct(), ROW)


def _nothing(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """No row, with the columns and types of uses."""
    products = tables[c.PRODUCTS].select(c.PRODUCT_ID, ROW).limit(0)
    return _as_uses(products.mutate(customer_id=products[c.PRODUCT_ID]), 0, position=0, quantity=0)


def _placed(found: ibis.Table) -> ibis.Table:
    """Positions counted anew within each customer's equal times."""
    place = ibis.row_number().over(group_by=(c.CUSTOMER_ID, c.TIME), order_by=(c.POSITION, _KIND, ROW))
    return found.mutate(position=place.cast("int64")).select(*COLUMNS)
