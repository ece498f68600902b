"""How raw tables become clean ones: bounds of the cleaning rules, missing values, and the engine that computes.

A missing value stays missing (``keep``), or puts its row in quarantine (``drop``), or is written as the word
``unknown``; ``median`` and ``draw`` write the median of the known values, or one of these drawn by the seed, and mark
the row in a column of its own (``recommender.contract.fields.indicator``). A statistic over purchases, ratings or
events would carry held-out ones into training, so only facts about customers and products can be filled by one.
"""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings

_Plain = Literal["keep", "drop"]
_Name = Literal["keep", "drop", "unknown"]
_Number = Literal["keep", "drop", "median", "draw"]


class MissingInCustomers(Settings):
    """What happens to missing values in the customers table; the descriptions say what ``keep`` means."""

    birth_year: _Number = Field(default="keep", description="in the coarser customer group without an age")
    region: Literal["keep", "drop", "unknown", "draw"] = Field(
        default="keep", description="in the coarser customer group without a region"
    )
    skin_type: Literal["keep", "drop", "draw"] = Field(
        default="keep", description="in the coarser customer group without a skin type"
    )
    concerns: _Plain = Field(default="keep", description="inferred from purchases, apart from declared ones")
    avoided_ingredients: _Plain = Field(
        default="keep", description="none declared; inferred from searches, apart from declared ones"
    )
    signup_time: _Plain = Field(default="keep", description="there from the beginning")


class MissingInProducts(Settings):
    """What happens to missing values in the products table."""

    brand: _Name = Field(default="keep", description="like no other product by it")
    category: _Name = Field(default="keep", description="like no other product by it")
    functions: _Plain = Field(default="keep", description="like no other product by them")
    ingredients: _Plain = Field(
        default="keep", description="not shown to who avoids an ingredient (`rules.unknown_ingredients`)"
    )
    description: _Plain = Field(default="keep", description="like no other product by it")
    price: _Number = Field(default="keep", description="within no limits of a price, and a missing value to the trees")
    stock: _Plain = Field(default="keep", description="taken to be there")
    launched: _Plain = Field(default="keep", description="there from the beginning")
    rating_mean: _Plain = Field(default="keep", description="nothing asks for it")
    rating_count: _Plain = Field(default="keep", description="nothing asks for it")
    loves: _Plain = Field(default="keep", description="nothing asks for it")
    family_id: _Plain = Field(default="keep", description="found by its name (`variants.found_by`), or of no family")


class MissingInTransactions(Settings):
    """What happens to missing values in the transactions table."""

    unit_price: _Plain = Field(default="keep", description="nothing but the rules for prices asks for it")


class MissingInRatings(Settings):
    """What happens to missing values in the ratings table."""

    time: _Plain = Field(default="keep", description="before all that has a time")


class MissingSettings(Settings):
    """What happens to missing values, table by table; which values an event needs depends on its type alone."""

    customers: MissingInCustomers = MissingInCustomers()
    products: MissingInProducts = MissingInProducts()
    transactions: MissingInTransactions = MissingInTransactions()
    ratings: MissingInRatings = MissingInRatings()

    def choices(self, table: str) -> dict[str, str]:
        """What happens to a missing value in each column of ``table`` for which there is a choice."""
        return getattr(self, table).model_dump() if table in MissingSettings.model_fields else {}

    def dropping(self, table: str) -> list[str]:
        """The columns of ``table`` in which a missing value drops the row."""
        return [name for name, chosen in self.choices(table).items() if chosen == "drop"]


class CleaningSettings(Settings):
    """The bounds of the cleaning rules (``recommender/data/cleaning/rules.py`` says what each rule does)."""

    earliest_year: int = Field(default=1995, ge=1970, description="a purchase, rating or event before it is a mistake")
    future_tolerance_hours: float = Field(
        default=24, ge=0, description="how far after now a time may be; local times are read as UTC, so a day"
    )
    oldest_birth_year: int = Field(default=1900, ge=1800, description="a birth year before it is a mistake")
    maximum_quantity: int = Field(default=1000, ge=1, description="pieces in one row above which it is a mistake")
    refund_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="share of the lowest price paid for a product from which on a negative price says it came back",
    )
    price_ratio: float = Field(
        default=20,
        gt=1,
        description="how many times dearer or cheaper than the product's usual price a sale may be; "
        "a price in cents is a hundred times dearer",
    )
    price_deviations: float = Field(
        default=6,
        gt=0,
        description="robust standard deviations (of the logarithm) that a catalogue price may be from the median",
    )
    bot_rows_per_day: int = Field(
        default=200, ge=2, description="rows of one customer on one day from which on the customer counts as a bot"
    )
    unknown_customers: Literal["quarantine", "keep"] = Field(
        default="quarantine",
        description="what happens to rows of customers who are not in the customers table, where there is one",
    )
    missing: MissingSettings = MissingSettings()


class VariantSettings(Settings):
    """How products are found to be variants of one product: its sizes, packs and shades."""

    found_by: Literal["names", "source", "none"] = Field(
        default="names",
        description="what makes products one family: their `family_id` and, of those without one, names that differ in "
        "size, pack or shade alone; the `family_id` only (source); nothing, each is its own family (none)",
    )


class WarningSettings(Settings):
    """When a run warns of its data (``recommender/reports/warnings``)."""

    quarantined_share: float = Field(default=0.05, ge=0, le=1, description="of a table's rows that are in quarantine")
    same_day_share: float = Field(
        default=0.5, ge=0, le=1, description="of a customer's interactions that are of the day of the one before"
    )
    single_product_share: float = Field(default=0.5, ge=0, le=1, description="of the customers who have one product")
    one_value_rows: int = Field(default=20, ge=2, description="rows with a value from which on all of one are unusual")


class ComputeSettings(Settings):
    """What prepares tables and computes features; the results are the same with every engine."""

    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description="what runs the expressions: duckdb within the process, or spark (the active session, else one on "
        "this machine; needs requirements-spark.txt and Java)",
    )
    memory_megabytes: int = Field(
        default=2_000, ge=100, description="memory that duckdb may use before it writes temporary files"
    )
