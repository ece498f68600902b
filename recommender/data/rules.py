"""The cleaning rules, one a line: which rows are put in quarantine, which cells are emptied, and why.

The rows of a table pass the rules in this order, and the first rule that a row breaks takes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender import columns as c
from recommender.data.contract import BEHAVIOUR, CONTRACT, KEYS, Kind
from recommender.data.shop import Shop

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """The rows of a table that no rule has taken yet.

    Attributes:
        frame: With the types of the contract; the index is the row number in the source.
        unreadable: The same rows: where a cell held something that is not of its column's type.
        shop: What is known of the data set as a whole.
    """

    table: str
    frame: pd.DataFrame
    unreadable: pd.DataFrame
    shop: Shop

    def without(self, mask: Mask) -> "Rows":
        """The rows where ``mask`` is not set."""
        return Rows(self.table, self.frame[~mask], self.unreadable[~mask], self.shop)


@dataclass(frozen=True)
class Rule:
    """What makes a row, or one cell of it, unusable.

    Attributes:
        name: As it stands in the quarantine.
        tables: Where it applies.
        column: What it judges; it does not apply to a table without this column.
        what: What it finds, for a reader of the rule table.
        broken: The rows that break it; missing counts as not broken.
        reason: Sentence for one row, with the raw cells by column name and ``settings``.
        cell: The row stays and only its cell in ``column`` is emptied.
    """

    name: str
    tables: tuple[str, ...]
    column: str
    what: str
    broken: Callable[[Rows], Any]
    reason: str
    cell: bool = False

    def applies_to(self, table: str, frame: pd.DataFrame) -> bool:
        """Whether the rule judges this table."""
        return table in self.tables and self.column in frame

    def mask(self, rows: Rows) -> Mask:
        """Where ``rows`` break the rule."""
        return pd.Series(self.broken(rows), index=rows.frame.index).to_numpy(dtype=bool, na_value=False)


def _missing(column: str) -> Callable[[Rows], Any]:
    return lambda rows: rows.frame[column].isna()


def _unreadable(column: str) -> Callable[[Rows], Any]:
    return lambda rows: rows.unreadable[column]


def _outside(column: str, low: float, high: float = np.inf) -> Callable[[Rows], Any]:
    return lambda rows: ~rows.frame[column].between(low, high) & rows.frame[column].notna()


def _not_positive(column: str) -> Callable[[Rows], Any]:
    return lambda rows: rows.frame[column] <= 0


def _unknown(column: str, names: tuple[str, ...]) -> Callable[[Rows], Any]:
    return lambda rows: ~rows.frame[column].isin(names) & rows.frame[column].notna()


def _no_product_though_needed(rows: Rows) -> Any:
    return rows.frame[c.PRODUCT_ID].isna() & (rows.frame[c.TYPE] != c.SEARCH)


def _in_future(rows: Rows) -> Any:
    return rows.frame[c.TIME] > pd.Timestamp(rows.shop.latest)


def _too_early(rows: Rows) -> Any:
    return rows.frame[c.TIME].dt.year < rows.shop.settings.earliest_year


def _impossible_quantity(rows: Rows) -> Any:
    return _outside(c.QUANTITY, 1, rows.shop.settings.maximum_quantity)(rows)


def _impossible_birth_year(rows: Rows) -> Any:
    return _outside(c.BIRTH_YEAR, rows.shop.settings.oldest_birth_year, rows.shop.latest.year)(rows)


def _far_from_usual(rows: Rows) -> Any:
    ratio = rows.frame[c.UNIT_PRICE] / rows.frame[c.PRODUCT_ID].map(rows.shop.usual_prices)
    bound = rows.shop.settings.price_ratio
    return (ratio > bound) | (ratio < 1 / bound)


def _far_from_others(rows: Rows) -> Any:
    return _outside(c.PRICE, *rows.shop.price_bounds)(rows) & (rows.frame[c.PRICE] > 0)


def _unknown_product(rows: Rows) -> Any:
    return ~rows.frame[c.PRODUCT_ID].isin(rows.shop.products) & rows.frame[c.PRODUCT_ID].notna()


def _unknown_customer(rows: Rows) -> Any:
    known = rows.shop.customers
    return np.zeros(len(rows.frame), bool) if known is None else ~rows.frame[c.CUSTOMER_ID].isin(known)


def _bot(rows: Rows) -> Any:
    return rows.frame[c.CUSTOMER_ID].isin(rows.shop.bots)


def _repeated(rows: Rows) -> Any:
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


def _undivided_label(rows: Rows) -> Any:
    lists = rows.frame[c.INGREDIENTS].map(lambda names: max(map(len, names), default=0), na_action="ignore")
    return lists.astype("float64") > _LONGEST_NAME


_ALL: Final = tuple(CONTRACT)

ROW_RULES: Final = (
    Rule("missing_customer", (c.CUSTOMERS, *BEHAVIOUR), c.CUSTOMER_ID, "no customer id",
         _missing(c.CUSTOMER_ID), "the customer id is missing"),
    Rule("missing_product", (c.PRODUCTS, c.TRANSACTIONS, c.RATINGS), c.PRODUCT_ID, "no product id",
         _missing(c.PRODUCT_ID), "the product id is missing"),
    Rule("unknown_event", (c.EVENTS,), c.TYPE, "an event type the contract does not have, or none",
         lambda rows: ~rows.frame[c.TYPE].isin(c.EVENT_TYPES), "there is no event type '{type}'"),
    Rule("missing_product", (c.EVENTS,), c.PRODUCT_ID, "no product id, in an event other than a search",
         _no_product_though_needed, "an event '{type}' needs a product id"),
    Rule("unreadable_time", BEHAVIOUR, c.TIME, "a time that is no date",
         _unreadable(c.TIME), "'{time}' is no date"),
    Rule("missing_time", (c.TRANSACTIONS, c.EVENTS), c.TIME, "no time, where the column has times",
         _missing(c.TIME), "the time is missing"),
    Rule("future_time", BEHAVIOUR, c.TIME, "a time after now (and `future_tolerance_hours`)",
         _in_future, "{time} is in the future"),
    Rule("early_time", BEHAVIOUR, c.TIME, "a time before `earliest_year`",
         _too_early, "{time} is before {settings.earliest_year}"),
    Rule("missing_rating", (c.RATINGS,), c.RATING, "no rating, or one that is no number",
         _missing(c.RATING), "the rating '{rating}' is no number"),
    Rule("impossible_rating", (c.RATINGS,), c.RATING, "a rating outside 1 to 5",
         _outside(c.RATING, 1, 5), "the rating {rating} is outside 1 to 5"),
    Rule("impossible_quantity", (c.TRANSACTIONS,), c.QUANTITY, "less than one piece or more than `maximum_quantity`",
         _impossible_quantity, "a quantity of {quantity} is outside 1 to {settings.maximum_quantity}"),
    Rule("impossible_price", (c.TRANSACTIONS,), c.UNIT_PRICE, "a price of zero or less",
         _not_positive(c.UNIT_PRICE), "a price of {unit_price} is not positive"),
    Rule("unknown_product", BEHAVIOUR, c.PRODUCT_ID, "a product id that the products table does not have",
         _unknown_product, "there is no product '{product_id}'"),
    Rule("unknown_customer", BEHAVIOUR, c.CUSTOMER_ID,
         "a customer id that the customers table does not have (unless `unknown_customers: keep`)",
         _unknown_customer, "there is no customer '{customer_id}'"),
    Rule("duplicate", (c.CUSTOMERS,), c.CUSTOMER_ID, "the id of an earlier row",
         _repeated, "an earlier row has the same customer id"),
    Rule("duplicate", (c.PRODUCTS,), c.PRODUCT_ID, "the id of an earlier row",
         _repeated, "an earlier row has the same product id"),
    Rule("duplicate", BEHAVIOUR, c.CUSTOMER_ID,
         "the identity of an earlier row: its id or, without ids, customer, product and time",
         _repeated, "an earlier row says the same"),
    Rule("bot", BEHAVIOUR, c.CUSTOMER_ID, "a customer with `bot_rows_per_day` rows on one day",
         _bot, "customer '{customer_id}' does more in a day than a person can"),
)  # fmt: skip


def _unreadable_cells(table: str) -> tuple[Rule, ...]:
    """One rule for each column of numbers or dates that may be missing."""
    kinds = (Kind.NUMBER, Kind.COUNT, Kind.TIME)
    columns = [field.name for field in CONTRACT[table] if field.kind in kinds and not field.required]
    return tuple(
        Rule("unreadable_cell", (table,), name, "a value that is not of its column's type", _unreadable(name),
             f"{name} holds '{{{name}}}', which cannot be read", cell=True)
        for name in columns
    )  # fmt: skip


CELL_RULES: Final = (
    Rule("missing_name", (c.PRODUCTS,), c.NAME, "no name: the product id stands for it",
         _missing(c.NAME), "the name is missing", cell=True),
    Rule("undivided_label", (c.PRODUCTS,), c.INGREDIENTS, "an ingredient list that nothing divides into names",
         _undivided_label, "the ingredients cannot be told apart", cell=True),
    Rule("impossible_price", (c.PRODUCTS,), c.PRICE, "a price of zero or less",
         _not_positive(c.PRICE), "a price of {price} is not positive", cell=True),
    Rule("extreme_price", (c.PRODUCTS,), c.PRICE,
         "a price `price_deviations` robust standard deviations from the median",
         _far_from_others, "a price of {price} is far from all others", cell=True),
    Rule("extreme_price", (c.TRANSACTIONS,), c.UNIT_PRICE,
         "a price `price_ratio` times above or below what the product usually sells for: another unit or currency",
         _far_from_usual, "a price of {unit_price} is far from what the product usually sells for", cell=True),
    Rule("impossible_stock", (c.PRODUCTS,), c.STOCK, "less than nothing in stock",
         _outside(c.STOCK, 0), "a stock of {stock} is less than nothing", cell=True),
    Rule("impossible_rating", (c.PRODUCTS,), c.RATING_MEAN, "a mean rating outside 1 to 5",
         _outside(c.RATING_MEAN, 1, 5), "the mean rating {rating_mean} is outside 1 to 5", cell=True),
    Rule("impossible_count", (c.PRODUCTS,), c.RATING_COUNT, "fewer than no ratings",
         _outside(c.RATING_COUNT, 0), "{rating_count} ratings are fewer than none", cell=True),
    Rule("impossible_count", (c.PRODUCTS,), c.LOVES, "fewer than no loves",
         _outside(c.LOVES, 0), "{loves} loves are fewer than none", cell=True),
    Rule("unknown_skin_type", (c.CUSTOMERS,), c.SKIN_TYPE, "a skin type the contract does not have",
         _unknown(c.SKIN_TYPE, c.SKIN_TYPES), "there is no skin type '{skin_type}'", cell=True),
    Rule("impossible_birth_year", (c.CUSTOMERS,), c.BIRTH_YEAR, "a year before `oldest_birth_year` or to come",
         _impossible_birth_year, "nobody is born in {birth_year}", cell=True),
    *(rule for table in _ALL for rule in _unreadable_cells(table)),
)  # fmt: skip
