"""The conditions of the cleaning rules.

Each takes the rows of a table and gives an expression, true for rows that break the rule; false or missing for cells
without a value.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ibis
import numpy as np

from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.contract.fields import KEYS
from recommender.data.cleaning import typed_tables
from recommender.data.cleaning.rule import ADDING, RemainingRows
from recommender.data.cleaning.shop_facts import BOT, KNOWN_CUSTOMER, KNOWN_PRODUCT, USUAL_PRICE
from recommender.data.engines.backend import ROW, TIMESTAMP
from recommender.data.parsing.ingredient_lists import LONGEST_NAME


def is_missing(column: str) -> Callable[[RemainingRows], Any]:
    """No value, or an empty list."""

    def broken(rows: RemainingRows) -> Any:
        cells: Any = rows.frame[column]
        return cells.isnull() | (cells.length() == 0) if cells.type().is_array() else cells.isnull()

    return broken


def is_unreadable(column: str) -> Callable[[RemainingRows], Any]:
    """A value that is not of the column's type."""
    return lambda rows: rows.frame[typed_tables.unreadable_mark(column)]


def is_missing_altogether(column: str) -> Callable[[RemainingRows], Any]:
    """No value, and nothing that could not be read either."""
    return lambda rows: rows.frame[column].isnull() & ~rows.frame[typed_tables.unreadable_mark(column)]


def is_outside(column: str, low: float, high: float = np.inf) -> Callable[[RemainingRows], Any]:
    """A value below ``low`` or above ``high``."""

    def broken(rows: RemainingRows) -> Any:
        cells: Any = rows.frame[column]
        return (cells < low) | (cells > high) if high < np.inf else cells < low

    return broken


def is_not_positive(column: str) -> Callable[[RemainingRows], Any]:
    """Zero or less."""
    return lambda rows: rows.frame[column] <= 0


def is_not_one_of(column: str, names: tuple[str, ...]) -> Callable[[RemainingRows], Any]:
    """A value that is not one of ``names``."""
    return lambda rows: rows.frame[column].notin(names)


def has_unknown_type(rows: RemainingRows) -> Any:
    """An event type that the contract does not have, or none."""
    return rows.frame[c.TYPE].isnull() | rows.frame[c.TYPE].notin(event_types.EVENT_TYPES)


def lacks_product(rows: RemainingRows) -> Any:
    """An event about a product without its id."""
    return rows.frame[c.PRODUCT_ID].isnull() & rows.frame[c.TYPE].notin(event_types.WORDED_TYPES)


def is_in_future(rows: RemainingRows) -> Any:
    """A time after now."""
    return rows.frame[c.TIME] > ibis.literal(rows.shop.latest, TIMESTAMP)


def is_too_early(rows: RemainingRows) -> Any:
    """A time before the earliest believable year."""
    return rows.frame[c.TIME] < ibis.literal(datetime(rows.shop.settings.earliest_year, 1, 1, tzinfo=UTC), TIMESTAMP)


def has_impossible_quantity(column: str) -> Callable[[RemainingRows], Any]:
    """A purchase or return of no piece, of a part of one, of more than a customer buys, or of an unreadable number."""

    def broken(rows: RemainingRows) -> Any:
        pieces: Any = rows.frame[column]
        # No piece and a negative price: a credit.
        none: Any = (pieces == 0) & ~_pays_back(rows)
        outside = none | (pieces.abs() > rows.shop.settings.maximum_quantity) | (pieces != pieces.floor())
        return (outside.fill_null(False) | is_unreadable(column)(rows)) & _is_purchase(rows)

    return broken


def is_free(rows: RemainingRows) -> Any:
    """A purchase at a price of zero; what is given back may be written without one."""
    return (rows.frame[c.UNIT_PRICE] == 0) & ~_comes_back(rows)


def _comes_back(rows: RemainingRows) -> Any:
    """A row of which the pieces are negative."""
    for column in (c.QUANTITY, c.VALUE):
        if column in rows.frame.columns:
            return (rows.frame[column] < 0).fill_null(False)
    return ibis.literal(value=False)


def _pays_back(rows: RemainingRows) -> Any:
    """A row with a negative price."""
    if c.UNIT_PRICE not in rows.frame.columns:
        return ibis.literal(value=False)
    return (rows.frame[c.UNIT_PRICE] < 0).fill_null(False)


def lacks_its_transactions_customer(rows: RemainingRows) -> Any:
    """No customer in a row of a transaction of which another row has one: guests' rows are not among these."""
    if c.TRANSACTION_ID not in rows.frame.columns:
        return ibis.literal(value=False)
    return rows.frame[c.CUSTOMER_ID].isnull() & rows.frame[c.TRANSACTION_ID].notnull()


def _is_purchase(rows: RemainingRows) -> Any:
    if c.TYPE not in rows.frame.columns:
        return ibis.literal(value=True)
    return rows.frame[c.TYPE] == event_types.PURCHASE


def has_impossible_birth_year(rows: RemainingRows) -> Any:
    """A year in which no living customer was born."""
    return is_outside(c.BIRTH_YEAR, rows.shop.settings.oldest_birth_year, rows.shop.latest.year)(rows)


def is_far_from_usual_price(rows: RemainingRows) -> Any:
    """A unit price many times above or below what the product usually sells for; a negative one is of a return."""
    ratio: Any = rows.frame[c.UNIT_PRICE] / rows.frame[USUAL_PRICE]
    bound = rows.shop.settings.price_ratio
    return (ratio > bound) | ((ratio < 1 / bound) & (rows.frame[c.UNIT_PRICE] > 0))


def is_extreme_catalogue_price(rows: RemainingRows) -> Any:
    """A catalogue price outside the robust bounds of all catalogue prices."""
    return is_outside(c.PRICE, *rows.shop.price_bounds)(rows) & (rows.frame[c.PRICE] > 0)


def has_unknown_product(rows: RemainingRows) -> Any:
    """An id that the products table does not have."""
    return rows.frame[KNOWN_PRODUCT].isnull() & rows.frame[c.PRODUCT_ID].notnull()


def has_unknown_customer(rows: RemainingRows) -> Any:
    """An id that the customers table does not have, where that matters."""
    return rows.frame[KNOWN_CUSTOMER].isnull() if KNOWN_CUSTOMER in rows.frame.columns else ibis.literal(value=False)


def is_of_a_bot(rows: RemainingRows) -> Any:
    """A customer who does more in a day than a person can."""
    return rows.frame[BOT].notnull()


def adds_to_an_earlier_row(rows: RemainingRows) -> Any:
    """Rows that say something else than an earlier one of the same customer or product, which has it now."""
    return rows.frame[ADDING]


def repeats_a_row(rows: RemainingRows) -> Any:
    """Rows with the identity of an earlier one; a return of a purchase does not repeat it, nor a return of more."""
    identity = [name for name in _identity(rows) if name in rows.frame.columns]
    if not identity:
        return ibis.literal(value=False)
    by_id = KEYS.get(rows.table) in identity
    kinds = identity if by_id else [*identity, *_return_identity(rows)]
    earlier = ibis.row_number().over(group_by=kinds, order_by=ROW)
    return (earlier > 0) & rows.frame[identity[0]].notnull()


def _return_identity(rows: RemainingRows) -> list[Any]:
    """What tells a return or credit from the purchase, and from others of it: pieces may come back one by one."""
    back = _comes_back(rows) | _pays_back(rows)
    names = [name for name in (c.TIME, c.QUANTITY, c.UNIT_PRICE) if name in rows.frame.columns]
    return [back, *(ibis.ifelse(back, rows.frame[name], ibis.null()) for name in names)]


def _identity(rows: RemainingRows) -> tuple[str, ...]:
    """Columns that identify a row: its id, or who did what when; none where an equal row may be a second use."""
    if KEYS.get(rows.table) in rows.frame.columns:
        return (KEYS[rows.table],)
    if c.TRANSACTION_ID in rows.frame.columns:  # one transaction may have a row for each of its products
        return (c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID)
    return (c.TIME, c.CUSTOMER_ID, c.PRODUCT_ID, c.POSITION, c.TYPE, c.QUERY) if c.TIME in rows.frame.columns else ()


def has_undivided_label(rows: RemainingRows) -> Any:
    """An ingredient list with a name that must be several."""
    labels: Any = rows.frame[c.INGREDIENTS]
    return labels.filter(lambda name: name.length() > LONGEST_NAME).length() > 0
