"""The cleaning rules, one a line: which rows are put in quarantine, which cells are emptied, and why.

The rules are applied to a table in this order; a row is rejected by the first rule that it breaks.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from recommender.config.preparation import MissingSettings
from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR, CONTRACT
from recommender.contract.identifiers import EXPECTED
from recommender.data.cleaning import conditions
from recommender.data.cleaning.rule import ADDING, Rule
from recommender.data.cleaning.shop_facts import BOT, KNOWN_CUSTOMER, KNOWN_PRODUCT, USUAL_PRICE

_ALL: Final = tuple(CONTRACT)
_UNREADABLE_ID: Final = "unreadable_id"


def _unreadable_id(column: str, *tables: str) -> Rule:
    """The rule for an id without which a row is nobody's, or may be the same as another."""
    return Rule(_UNREADABLE_ID, tables, column, f"an id of anything but {EXPECTED}",
                conditions.is_unreadable(column), f"{column} should have {EXPECTED}, not '{{{column}}}'")  # fmt: skip


ROW_RULES: Final = (
    _unreadable_id(c.CUSTOMER_ID, c.CUSTOMERS, *BEHAVIOUR),
    _unreadable_id(c.PRODUCT_ID, c.PRODUCTS, *BEHAVIOUR),
    _unreadable_id(c.TRANSACTION_ID, c.TRANSACTIONS),
    _unreadable_id(c.EVENT_ID, c.EVENTS),
    Rule("customer_elsewhere", (c.TRANSACTIONS,), c.CUSTOMER_ID,
         "no customer id, though another row of the transaction has one: `fill_down` takes it from there",
         conditions.lacks_its_transactions_customer,
         "the customer id is missing, though another row of transaction '{transaction_id}' has one (fill_down)"),
    Rule("missing_customer", (c.CUSTOMERS, *BEHAVIOUR), c.CUSTOMER_ID,
         "no customer id; of transactions also no transaction id, which would make it a guest's basket",
         conditions.is_missing(c.CUSTOMER_ID), "the customer id is missing"),
    Rule("missing_product", (c.PRODUCTS, c.TRANSACTIONS, c.RATINGS), c.PRODUCT_ID, "no product id",
         conditions.is_missing(c.PRODUCT_ID), "the product id is missing"),
    Rule("unknown_event", (c.EVENTS,), c.TYPE, "an event type the contract does not have, or none",
         conditions.has_unknown_type, "there is no event type '{type}'"),
    Rule("missing_product", (c.EVENTS,), c.PRODUCT_ID, "no product id, in an event that is of a product",
         conditions.lacks_product, "an event '{type}' needs a product id"),
    Rule("unreadable_time", BEHAVIOUR, c.TIME, "a time that is no date",
         conditions.is_unreadable(c.TIME), "'{time}' is no date"),
    Rule("missing_time", (c.TRANSACTIONS, c.EVENTS), c.TIME, "no time, where the column has times",
         conditions.is_missing(c.TIME), "the time is missing"),
    Rule("future_time", BEHAVIOUR, c.TIME, "a time after now (and `future_tolerance_hours`)",
         conditions.is_in_future, "{time} is in the future"),
    Rule("early_time", BEHAVIOUR, c.TIME, "a time before `earliest_year`",
         conditions.is_too_early, "{time} is before {settings.earliest_year}"),
    Rule("missing_rating", (c.RATINGS,), c.RATING, "no rating, or one that is no number",
         conditions.is_missing(c.RATING), "the rating '{rating}' is no number"),
    Rule("impossible_rating", (c.RATINGS,), c.RATING, "a rating outside 1 to 5",
         conditions.is_outside(c.RATING, 1, 5), "the rating {rating} is outside 1 to 5"),
    Rule("impossible_quantity", (c.TRANSACTIONS,), c.QUANTITY,
         "not a whole number of pieces, none or more than `maximum_quantity`",
         conditions.has_impossible_quantity(c.QUANTITY),
         "a quantity of {quantity} is outside 1 to {settings.maximum_quantity}, or not whole"),
    Rule("impossible_quantity", (c.EVENTS,), c.VALUE,
         "a purchase of which the value is no whole number of pieces, none or more than `maximum_quantity`",
         conditions.has_impossible_quantity(c.VALUE),
         "a purchase of {value} pieces is outside 1 to {settings.maximum_quantity}, or not whole"),
    Rule("impossible_price", (c.TRANSACTIONS,), c.UNIT_PRICE, "a price of zero",
         conditions.is_free, "a price of {unit_price} is not positive"),
    Rule("unknown_product", BEHAVIOUR, c.PRODUCT_ID,
         "a product id that the products table does not have, or of a row that was dropped",
         conditions.has_unknown_product, "there is no product '{product_id}'", needs=KNOWN_PRODUCT),
    Rule("unknown_customer", BEHAVIOUR, c.CUSTOMER_ID,
         "a customer id that the customers table does not have, or of a row that was dropped "
         "(unless `unknown_customers: keep`)",
         conditions.has_unknown_customer, "there is no customer '{customer_id}'", needs=KNOWN_CUSTOMER),
    Rule("duplicate", (c.CUSTOMERS,), ADDING, "the id of an earlier row, which gets what this one adds",
         conditions.adds_to_an_earlier_row,
         "an earlier row has the same customer id: they are one now, with all that either avoids"),
    Rule("duplicate", (c.PRODUCTS,), ADDING, "the id of an earlier row, which gets what this one adds",
         conditions.adds_to_an_earlier_row,
         "an earlier row has the same product id: they are one now, with all that either contains"),
    Rule("duplicate", (c.CUSTOMERS,), c.CUSTOMER_ID, "the id of an earlier row",
         conditions.repeats_a_row, "an earlier row has the same customer id", alone=False),
    Rule("duplicate", (c.PRODUCTS,), c.PRODUCT_ID, "the id of an earlier row",
         conditions.repeats_a_row, "an earlier row has the same product id", alone=False),
    Rule("duplicate", BEHAVIOUR, c.CUSTOMER_ID,
         "the identity of an earlier row: its id or, without ids, customer, product and time",
         conditions.repeats_a_row, "an earlier row says the same", alone=False),
    Rule("bot", BEHAVIOUR, c.CUSTOMER_ID, "a customer with `bot_rows_per_day` rows on one day",
         conditions.is_of_a_bot, "customer '{customer_id}' does more in a day than a person can", needs=BOT),
)  # fmt: skip


def _unreadable_cells(table: str) -> tuple[Rule, ...]:
    """One rule for each column that may be missing, or be made up for, and has no rule of its own."""
    own = {c.STOCK, c.INGREDIENTS, *(rule.column for rule in ROW_RULES if rule.name == _UNREADABLE_ID)}
    columns = [field.name for field in CONTRACT[table] if not field.required and field.name not in own]
    columns += [c.NAME] if table == c.PRODUCTS else []
    return tuple(
        Rule("unreadable_cell", (table,), name, "a value that is not of its column's type",
             conditions.is_unreadable(name), f"{name} holds '{{{name}}}', which cannot be read", cell=True,
             told=name == c.AVOIDED_INGREDIENTS)
        for name in columns
    )  # fmt: skip


CELL_RULES: Final = (
    Rule("missing_name", (c.PRODUCTS,), c.NAME, "no name: the product id stands for it",
         conditions.is_missing_altogether(c.NAME), "the name is missing", cell=True),
    Rule("unread_label", (c.PRODUCTS,), c.INGREDIENTS,
         "an ingredient list that is none (a remark, an address, an error) or is cut off",
         conditions.is_unreadable(c.INGREDIENTS), "'{ingredients}' is no whole list of ingredients", cell=True),
    Rule("undivided_label", (c.PRODUCTS,), c.INGREDIENTS, "an ingredient list that nothing divides into names",
         conditions.has_undivided_label, "the ingredients cannot be told apart", cell=True),
    Rule("impossible_price", (c.PRODUCTS,), c.PRICE, "a price of zero or less",
         conditions.is_not_positive(c.PRICE), "a price of {price} is not positive", cell=True),
    Rule("extreme_price", (c.PRODUCTS,), c.PRICE,
         "a price `price_deviations` robust standard deviations from the median",
         conditions.is_extreme_catalogue_price, "a price of {price} is far from all others", cell=True),
    Rule("extreme_price", (c.TRANSACTIONS,), c.UNIT_PRICE,
         "a price `price_ratio` times above or below what the product usually sells for: another unit or currency",
         conditions.is_far_from_usual_price, "a price of {unit_price} is far from what the product usually sells for",
         cell=True, needs=USUAL_PRICE),
    Rule("impossible_stock", (c.PRODUCTS,), c.STOCK, "less than nothing in stock: the product is not there",
         conditions.is_outside(c.STOCK, 0), "a stock of {stock} is less than nothing", cell=True, instead=0),
    Rule("unreadable_stock", (c.PRODUCTS,), c.STOCK,
         "no whole number of pieces, nor a word such as `in stock`: the product is not there",
         conditions.is_unreadable(c.STOCK), "the stock holds '{stock}', which cannot be read", cell=True, instead=0),
    Rule("impossible_rating", (c.PRODUCTS,), c.RATING_MEAN, "a mean rating outside 1 to 5",
         conditions.is_outside(c.RATING_MEAN, 1, 5), "the mean rating {rating_mean} is outside 1 to 5", cell=True),
    Rule("impossible_count", (c.PRODUCTS,), c.RATING_COUNT, "fewer than no ratings",
         conditions.is_outside(c.RATING_COUNT, 0), "{rating_count} ratings are fewer than none", cell=True),
    Rule("impossible_count", (c.PRODUCTS,), c.LOVES, "fewer than no loves",
         conditions.is_outside(c.LOVES, 0), "{loves} loves are fewer than none", cell=True),
    Rule("unknown_skin_type", (c.CUSTOMERS,), c.SKIN_TYPE, "a skin type the contract does not have",
         conditions.is_not_one_of(c.SKIN_TYPE, c.SKIN_TYPES), "there is no skin type '{skin_type}'", cell=True),
    Rule("impossible_birth_year", (c.CUSTOMERS,), c.BIRTH_YEAR, "a year before `oldest_birth_year` or to come",
         conditions.has_impossible_birth_year, "nobody is born in {birth_year}", cell=True),
    *(rule for table in _ALL for rule in _unreadable_cells(table)),
)  # fmt: skip


def _missing_values(table: str) -> tuple[Rule, ...]:
    """One rule for each column in which a missing value may drop the row."""
    return tuple(
        Rule("missing_value", (table,), name, "no value in a column for which `cleaning.missing` says `drop`",
             conditions.is_missing(name), f"{name} is missing, and rows without it are dropped")
        for name in MissingSettings().choices(table)
    )  # fmt: skip


DROP_RULES: Final = tuple(chain.from_iterable(_missing_values(table) for table in _ALL))


def rules_for(missing: MissingSettings) -> tuple[Sequence[Rule], Sequence[Rule]]:
    """The rules that take rows, and those that empty cells.

    A row that needs a value is also rejected for a cell that would be emptied; and before repeated behaviour is looked
    for, so that a second row with the value may take its place.
    """
    dropped = {(table, column) for table in _ALL for column in missing.dropping(table)}

    def costs_the_row(rule: Rule) -> bool:
        return any((table, rule.column) in dropped for table in rule.tables)

    taking = [replace(rule, cell=False) for rule in CELL_RULES if costs_the_row(rule)]
    taking += [rule for rule in DROP_RULES if costs_the_row(rule)]
    first = next(at for at, rule in enumerate(ROW_RULES) if not rule.alone)
    emptying = [rule for rule in CELL_RULES if not costs_the_row(rule)]
    return (*ROW_RULES[:first], *taking, *ROW_RULES[first:]), emptying
