"""Where rows hold what they should not: the conditions behind the cleaning rules.

Each takes the rows of a table and gives one truth value a row; where a cell is missing it is false or missing.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender import columns as c
from recommender.data.contract import KEYS
from recommender.data.rule import Rows


def missing(column: str) -> Callable[[Rows], Any]:
    """No value."""
    return lambda rows: rows.frame[column].isna()


def unreadable(column: str) -> Callable[[Rows], Any]:
    """Something that is not of the column's type."""
    return lambda rows: rows.unreadable[column]


def outside(column: str, low: float, high: float = np.inf) -> Callable[[Rows], Any]:
    """A value below ``low`` or above ``high``."""
    return lambda rows: ~rows.frame[column].between(low, high) & rows.frame[column].notna()


def not_positive(column: str) -> Callable[[Rows], Any]:
    """Zero or less."""
    return lambda rows: rows.frame[column] <= 0


def unknown(column: str, names: tuple[str, ...]) -> Callable[[Rows], Any]:
    """A value that is not one of ``names``."""
    return lambda rows: ~rows.frame[column].isin(names) & rows.frame[column].notna()


def no_product_though_needed(rows: Rows) -> Any:
    """An event of a product without one."""
    return rows.frame[c.PRODUCT_ID].isna() & ~rows.frame[c.TYPE].isin(c.WORDED_TYPES)


def in_future(rows: Rows) -> Any:
    """A time after now."""
    return rows.frame[c.TIME] > pd.Timestamp(rows.shop.latest)


def too_early(rows: Rows) -> Any:
    """A time before the earliest believable year."""
    return rows.frame[c.TIME].dt.year < rows.shop.settings.earliest_year


def impossible_quantity(rows: Rows) -> Any:
    """Fewer than one piece, or more than anyone buys."""
    return outside(c.QUANTITY, 1, rows.shop.settings.maximum_quantity)(rows)


def impossible_birth_year(rows: Rows) -> Any:
    """A year in which no living customer was born."""
    return outside(c.BIRTH_YEAR, rows.shop.settings.oldest_birth_year, rows.shop.latest.year)(rows)


def far_from_usual(rows: Rows) -> Any:
    """A unit price many times above or below what the product usually sells for."""
    ratio = rows.frame[c.UNIT_PRICE] / rows.frame[c.PRODUCT_ID].map(rows.shop.usual_prices)
    bound = rows.shop.settings.price_ratio
    return (ratio > bound) | (ratio < 1 / bound)


def far_from_others(rows: Rows) -> Any:
    """A catalogue price outside the robust bounds of all catalogue prices."""
    return outside(c.PRICE, *rows.shop.price_bounds)(rows) & (rows.frame[c.PRICE] > 0)


def unknown_product(rows: Rows) -> Any:
    """An id that the products table does not have."""
    return ~rows.frame[c.PRODUCT_ID].isin(rows.shop.products) & rows.frame[c.PRODUCT_ID].notna()


def unknown_customer(rows: Rows) -> Any:
    """An id that the customers table does not have, where that matters."""
    known = rows.shop.customers
    return np.zeros(len(rows.frame), bool) if known is None else ~rows.frame[c.CUSTOMER_ID].isin(known)


def bot(rows: Rows) -> Any:
    """A customer who does more in a day than a person can."""
    return rows.frame[c.CUSTOMER_ID].isin(rows.shop.bots)


def repeated(rows: Rows) -> Any:
    """Rows with the identity of an earlier one."""
    identity = [name for name in _identity(rows) if name in rows.frame]
    if not identity:
        return np.zeros(len(rows.frame), bool)
    return rows.frame.duplicated(identity) & rows.frame[identity[0]].notna()


def _identity(rows: Rows) -> tuple[str, ...]:
    """The columns that name a row: its id, or who did what when; none where a repeated row may be a second use."""
    if KEYS.get(rows.table) in rows.frame:
        return (KEYS[rows.table],)
    if c.TRANSACTION_ID in rows.frame:  # one transaction may have a row for each of its products
        return (c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID)
    return (c.TIME, c.CUSTOMER_ID, c.PRODUCT_ID, c.POSITION, c.TYPE, c.QUERY) if c.TIME in rows.frame else ()


# A label that no comma or other sign divides: its names cannot be told apart, so what is in it is not known.
_LONGEST_NAME: Final = 200


def undivided_label(rows: Rows) -> Any:
    """An ingredient list with a name so long that it must be several."""
    lists = rows.frame[c.INGREDIENTS].map(lambda names: max(map(len, names), default=0), na_action="ignore")
    return lists.astype("float64") > _LONGEST_NAME
