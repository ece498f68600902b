"""What was bought and what came back, of whichever table, as lines of one kind: the ledger that returns are matched in.

A line of a transactions table is a return where its quantity is negative, or where its price is and pays back at least
``cleaning.refund_share`` of the lowest price per piece that the customer paid for the product. A smaller negative
price is a credit (a discount written as a line, a refund of shipping or of a part of the price): no piece came back.
"""

from collections.abc import Mapping
from typing import Any, Final

import ibis

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.data.cleaning.shop_facts import USUAL_PRICE, ShopFacts
from recommender.data.engines.backend import ROW, TIMESTAMP, Backend

WHO: Final = "who"
"""The customer; of a guest's lines the transaction."""
WHAT: Final = "what"
TIME: Final = "time"
POSITION: Final = "position"
TRANSACTION: Final = "transaction"
TABLE: Final = "of_table"
"""0 for lines of transactions, 1 for events."""
BOUGHT: Final = "bought"
"""Pieces of a purchase, 0 of a return."""
TAKEN_BACK: Final = "taken_back"
"""Pieces of a return, 0 of a purchase."""
BACK: Final = "back"
"""Pieces of a purchase that its own line says came back."""
BY_PRICE: Final = "by_price"
"""Whether a negative price says that the pieces came back, and not their number."""
CREDIT: Final = "credit"
"""Whether a line with a negative price brought no piece back."""

SALES_LINE, EVENT = 0, 1
PAIR: Final = (WHO, WHAT)
COLUMNS: Final = (*PAIR, TIME, POSITION, TRANSACTION, TABLE, ROW, BOUGHT, TAKEN_BACK, BACK, BY_PRICE, CREDIT)


def returned_lines(tables: Mapping[str, ibis.Table], shop: ShopFacts, backend: Backend) -> ibis.Table | None:
    """Every line of a customer and product of whom anything came back; None where nothing did.

    Args:
        tables: Cleaned transactions and events, whichever there are. Rows without a customer are guests'.
        shop: Knows what products usually cost.
        backend: What computes.
    """
    there = [_NAMED[name](rows) for name, rows in tables.items()]
    special = [rows.filter(rows[_SPECIAL]).select(*PAIR) for rows in there]
    pairs = backend.to_arrow((ibis.union(*special) if len(special) > 1 else special[0]).distinct())
    if not pairs.num_rows:
        return None
    known = backend.from_arrow(pairs)
    found = [_signed(rows.semi_join(known, PAIR), shop) for rows in there]
    return backend.materialise(ibis.union(*found) if len(found) > 1 else found[0])


_SPECIAL: Final = "special"
_PIECES: Final = "pieces"
_PRICE: Final = "price"
_PAID: Final = "paid"


def _of_transactions(rows: ibis.Table) -> ibis.Table:
    pieces: Any = _column(rows, c.QUANTITY, "int64").fill_null(1)
    price: Any = _column(rows, c.UNIT_PRICE, "float64")
    back: Any = _column(rows, c.RETURNED, "int64").fill_null(0).abs()
    transaction: Any = _column(rows, c.TRANSACTION_ID, "string")
    return rows.select(
        **_who_and_when(rows, transaction if c.CUSTOMER_ID not in rows.columns else rows[c.CUSTOMER_ID]),
        **{TRANSACTION: transaction, TABLE: ibis.literal(SALES_LINE, "int64")},
        **{_PIECES: pieces, _PRICE: price, BACK: back},
        **{_SPECIAL: (pieces < 0) | (price < 0).fill_null(False) | (back > 0)},
    )


def _of_events(rows: ibis.Table) -> ibis.Table:
    bought = rows.filter(rows[c.TYPE] == event_types.PURCHASE)
    pieces: Any = _column(bought, c.VALUE, "float64").fill_null(1).cast("int64")
    return bought.select(
        **_who_and_when(bought, bought[c.CUSTOMER_ID]),
        **{TRANSACTION: ibis.null("string"), TABLE: ibis.literal(EVENT, "int64")},
        **{_PIECES: pieces, _PRICE: ibis.null("float64"), BACK: ibis.literal(0, "int64")},
        **{_SPECIAL: pieces < 0},
    )


_NAMED: Final = {c.TRANSACTIONS: _of_transactions, c.EVENTS: _of_events}


def _who_and_when(rows: ibis.Table, who: Any) -> dict[str, Any]:
    return {
        WHO: who,
        WHAT: rows[c.PRODUCT_ID],
        TIME: _column(rows, c.TIME, TIMESTAMP),
        POSITION: _column(rows, c.POSITION, "int64"),
        ROW: rows[ROW],
    }


def _column(rows: ibis.Table, name: str, kind: str) -> Any:
    """A column that may be lacking, or hold nothing at all."""
    return rows[name].cast(kind) if name in rows.columns else ibis.null(kind)


def _signed(rows: ibis.Table, shop: ShopFacts) -> ibis.Table:
    """The lines with the pieces that were bought, and those that came back."""
    priced = shop.with_facts(rows.rename({c.PRODUCT_ID: WHAT}), {USUAL_PRICE}).rename({WHAT: c.PRODUCT_ID})
    a_sale: Any = (priced[_PIECES] > 0) & (priced[_PRICE] > 0)
    lowest: Any = ibis.ifelse(a_sale, priced[_PRICE], ibis.null("float64")).min().over(group_by=PAIR)
    known = priced.mutate(**{_PAID: ibis.coalesce(lowest, priced[USUAL_PRICE].cast("float64"))})
    paid_back: Any = (-known[_PRICE] >= shop.settings.refund_share * known[_PAID]).fill_null(False)
    negative: Any = (known[_PRICE] < 0).fill_null(False) & (known[_PIECES] >= 0)
    by_price: Any = negative & paid_back & (known[_PIECES] > 0)
    comes_back: Any = (known[_PIECES] < 0) | by_price
    credit: Any = negative & ~comes_back
    pieces: Any = known[_PIECES].abs()
    return known.mutate(
        **{
            BOUGHT: ibis.ifelse(comes_back | credit, 0, pieces).cast("int64"),
            TAKEN_BACK: ibis.ifelse(comes_back, pieces, 0).cast("int64"),
            BY_PRICE: by_price,
            CREDIT: credit,
        }
    ).select(*COLUMNS)
