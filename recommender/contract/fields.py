"""The data contract: which columns each table has, what they hold and which of them must be there."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from recommender.contract import columns as c


class Kind(Enum):
    """What a column holds, in words for people."""

    IDENTIFIER = "an identifier"
    TEXT = "text"
    TEXTS = "a list of texts"
    NUMBER = "a number"
    COUNT = "a whole number"
    TIME = "a date or time"


@dataclass(frozen=True)
class Field:
    """One column of the contract.

    Attributes:
        required: A data set must have the column.
        filled: Every clean row has a value, from the source or from preparation.
    """

    name: str
    kind: Kind
    required: bool = False
    filled: bool = False


def _required(name: str, kind: Kind = Kind.IDENTIFIER) -> Field:
    return Field(name, kind, required=True, filled=True)


def _derived(name: str, kind: Kind) -> Field:
    return Field(name, kind, filled=True)


CONTRACT: Final[dict[str, tuple[Field, ...]]] = {
    c.CUSTOMERS: (
        _required(c.CUSTOMER_ID),
        Field(c.BIRTH_YEAR, Kind.COUNT),
        Field(c.REGION, Kind.TEXT),
        Field(c.SKIN_TYPE, Kind.TEXT),
        Field(c.CONCERNS, Kind.TEXTS),
        Field(c.AVOIDED_INGREDIENTS, Kind.TEXTS),
        Field(c.SIGNUP_TIME, Kind.TIME),
    ),
    c.PRODUCTS: (
        _required(c.PRODUCT_ID),
        _required(c.NAME, Kind.TEXT),
        Field(c.BRAND, Kind.TEXT),
        Field(c.CATEGORY, Kind.TEXT),
        Field(c.FUNCTIONS, Kind.TEXTS),
        Field(c.INGREDIENTS, Kind.TEXTS),
        Field(c.DESCRIPTION, Kind.TEXT),
        Field(c.PRICE, Kind.NUMBER),
        Field(c.STOCK, Kind.COUNT),
        Field(c.LAUNCHED, Kind.TIME),
        Field(c.RATING_MEAN, Kind.NUMBER),
        Field(c.RATING_COUNT, Kind.COUNT),
        Field(c.LOVES, Kind.COUNT),
        Field(c.FAMILY_ID, Kind.IDENTIFIER),
    ),
    c.TRANSACTIONS: (
        _derived(c.TRANSACTION_ID, Kind.IDENTIFIER),
        _required(c.CUSTOMER_ID),
        _required(c.PRODUCT_ID),
        _derived(c.QUANTITY, Kind.COUNT),
        Field(c.RETURNED, Kind.COUNT),
        Field(c.UNIT_PRICE, Kind.NUMBER),
        Field(c.TIME, Kind.TIME),
        _derived(c.POSITION, Kind.COUNT),
    ),
    c.RATINGS: (
        _required(c.CUSTOMER_ID),
        _required(c.PRODUCT_ID),
        _required(c.RATING, Kind.NUMBER),
        Field(c.TIME, Kind.TIME),
    ),
    c.EVENTS: (
        _derived(c.EVENT_ID, Kind.IDENTIFIER),
        _required(c.CUSTOMER_ID),
        Field(c.SESSION_ID, Kind.IDENTIFIER),
        _required(c.TYPE, Kind.TEXT),
        Field(c.PRODUCT_ID, Kind.IDENTIFIER),
        Field(c.QUERY, Kind.TEXT),
        Field(c.VALUE, Kind.NUMBER),
        Field(c.REQUEST_ID, Kind.IDENTIFIER),
        _required(c.TIME, Kind.TIME),
    ),
}

# Tables that no source has and cleaning makes: what was bought together by nobody that is known.
DERIVED: Final[dict[str, tuple[Field, ...]]] = {
    c.GUEST_BASKETS: (
        _required(c.TRANSACTION_ID),
        _required(c.PRODUCT_ID),
        _derived(c.QUANTITY, Kind.COUNT),
        Field(c.TIME, Kind.TIME),
    ),
}

# Columns that cleaning uses up: no clean table has them.
RAW_ONLY: Final = (c.RETURNED,)

# Columns in which a missing value can be imputed from the known ones: facts that no train-test split divides.
INDICATED: Final[dict[str, tuple[str, ...]]] = {
    c.CUSTOMERS: (c.BIRTH_YEAR, c.REGION, c.SKIN_TYPE),
    c.PRODUCTS: (c.PRICE,),
}

# Columns that identify a row which a source may send again, unless the source names others.
IDENTITIES: Final[dict[str, tuple[str, ...]]] = {
    c.CUSTOMERS: (c.CUSTOMER_ID,),
    c.PRODUCTS: (c.PRODUCT_ID,),
    c.TRANSACTIONS: (c.TRANSACTION_ID, c.PRODUCT_ID),
    c.RATINGS: (c.CUSTOMER_ID, c.PRODUCT_ID),
    c.EVENTS: (c.EVENT_ID,),
}

# Tables whose rows have one identifier.
KEYS: Final[dict[str, str]] = {table: key[0] for table, key in IDENTITIES.items() if len(key) == 1}

# Lists that add up where several rows are of one customer or product: a name too many hides, a name too few shows.
ADDED_UP: Final = (c.AVOIDED_INGREDIENTS, c.INGREDIENTS)

# Columns that hold money.
PRICES: Final = (c.PRICE, c.UNIT_PRICE)

BEHAVIOUR: Final = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)


def fields_of(table: str) -> dict[str, Field]:
    """The columns of a table, by name, in the order of the contract."""
    return {field.name: field for field in columns_of(table)}


def columns_of(table: str) -> tuple[Field, ...]:
    """The columns of a table of the contract, or of one that cleaning makes, in their order."""
    return CONTRACT[table] if table in CONTRACT else DERIVED[table]


def indicator(column: str) -> str:
    """The column of a clean table that marks imputed values of ``column``."""
    return f"{column}_missing"


def indicators(table: str) -> list[str]:
    """The indicators that a clean table may have beside the columns of the contract."""
    return [indicator(column) for column in INDICATED.get(table, ())]


def missing_columns(table: str, present: Iterable[str]) -> list[str]:
    """The columns that ``table`` must have and that are not in ``present``."""
    there = set(present)
    return [field.name for field in CONTRACT[table] if field.required and field.name not in there]


def missing_tables(present: Iterable[str]) -> str | None:
    """What a data set with only these tables lacks, in words; None where it lacks nothing."""
    there = set(present)
    if c.PRODUCTS not in there:
        return c.PRODUCTS
    return None if there & set(BEHAVIOUR) else f"one of {', '.join(BEHAVIOUR)}"
