"""Where rows hold what they should not: the conditions behind the cleaning rules.

Each takes the rows of a table and gives a truth value of each row; where a cell is missing it is false or missing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import ibis
import numpy as np

from recommender.contract import columns as c
from recommender.contract.fields import KEYS
from recommender.data.cleaning import typed
from recommender.data.cleaning.rule import Rows
from recommender.data.cleaning.shop_facts import BOT, KNOWN_CUSTOMER, KNOWN_PRODUCT, USUAL_PRICE
from recommender.data.engines.backend import ROW, TIMESTAMP


def missing(column: str) -> Callable[[Rows], Any]:
    """No value, or a list of none."""

    def broken(rows: Rows) -> Any:
        cells: Any = rows.frame[column]
        return cells.isnull() | (cells.length() == 0) if cells.type().is_array() else cells.isnull()

    return broken


def unreadable(column: str) -> Callable[[Rows], Any]:
    """Something that is not of the column's type."""
    return lambda rows: rows.frame[typed.unreadable(column)]


def outside(column: str, low: float, high: float = np.inf) -> Callable[[Rows], Any]:
    """A value below ``low`` or above ``high``."""

    def broken(rows: Rows) -> Any:
        cells: Any = rows.frame[column]
        return (cells < low) | (cells > high) if high < np.inf else cells < low

    return broken


def not_positive(column: str) -> Callable[[Rows], Any]:
    """Zero or less."""
    return lambda rows: rows.frame[column] <= 0


def unknown(column: str, names: tuple[str, ...]) -> Callable[[Rows], Any]:
    """A value that is not one of ``names``."""
    return lambda rows: rows.frame[column].notin(names)


def no_type(rows: Rows) -> Any:
    """An event type that the contract does not have, or none."""
    return rows.frame[c.TYPE].isnull() | rows.frame[c.TYPE].notin(c.EVENT_TYPES)


def no_product_though_needed(rows: Rows) -> Any:
    """An event of a product without one."""
    return rows.frame[c.PRODUCT_ID].isnull() & rows.frame[c.TYPE].notin(c.WORDED_TYPES)


def in_future(rows: Rows) -> Any:
    """A time after now."""
    return rows.frame[c.TIME] > ibis.literal(rows.shop.latest, TIMESTAMP)


def too_early(rows: Rows) -> Any:
    """A time before the earliest believable year."""
    return rows.frame[c.TIME] < ibis.literal(datetime(rows.shop.settings.earliest_year, 1, 1, tzinfo=UTC), TIMESTAMP)


def impossible_quantity(rows: Rows) -> Any:
    """Fewer than one piece, or more than anyone buys."""
    return outside(c.QUANTITY, 1, rows.shop.settings.maximum_quantity)(rows)


def impossible_birth_year(rows: Rows) -> Any:
    """A year in which no living customer was born."""
    return outside(c.BIRTH_YEAR, rows.shop.settings.oldest_birth_year, rows.shop.latest.year)(rows)


def far_from_usual(rows: Rows) -> Any:
    """A unit price many times above or below what the product usually sells for."""
    ratio: Any = rows.frame[c.UNIT_PRICE] / rows.frame[USUAL_PRICE]
    bound = rows.shop.settings.price_ratio
    return (ratio > bound) | (ratio < 1 / bound)


def far_from_others(rows: Rows) -> Any:
    """A catalogue price outside the robust bounds of all catalogue prices."""
    return outside(c.PRICE, *rows.shop.price_bounds)(rows) & (rows.frame[c.PRICE] > 0)


def unknown_product(rows: Rows) -> Any:
    """An id that the products table does not have."""
    return rows.frame[KNOWN_PRODUCT].isnull() & rows.frame[c.PRODUCT_ID].notnull()


def unknown_customer(rows: Rows) -> Any:
    """An id that the customers table does not have, where that matters."""
    return rows.frame[KNOWN_CUSTOMER].isnull() if KNOWN_CUSTOMER in rows.frame.columns else ibis.literal(value=False)


def bot(rows: Rows) -> Any:
    """A customer who does more in a day than a person can."""
    return rows.frame[BOT].notnull()


def repeated(rows: Rows) -> Any:
    """Rows with the identity of an earlier one."""
    identity = [name for name in _identity(rows) if name in rows.frame.columns]
    if not identity:
        return ibis.literal(value=False)
    earlier = ibis.row_number().over(group_by=identity, order_by=ROW)
    return (earlier > 0) & rows.frame[identity[0]].notnull()


def _identity(rows: Rows) -> tuple[str, ...]:
    """The columns that name a row: its id, or who did what when; none where a repeated row may be a second use."""
    if KEYS.get(rows.table) in rows.frame.columns:
        return (KEYS[rows.table],)
    if c.TRANSACTION_ID in rows.frame.columns:  # one transaction may have a row for each of its products
        return (c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID)
    return (c.TIME, c.CUSTOMER_ID, c.PRODUCT_ID, c.POSITION, c.TYPE, c.QUERY) if c.TIME in rows.frame.columns else ()


# A label that no comma or other sign divides: its names cannot be told apart, so what is in it is not known.
_LONGEST_NAME: Final = 200


def undivided_label(rows: Rows) -> Any:
    """An ingredient list with a name so long that it must be several."""
    labels: Any = rows.frame[c.INGREDIENTS]
    return labels.filter(lambda name: name.length() > _LONGEST_NAME).length() > 0
