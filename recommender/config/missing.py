"""What becomes of values that are missing: every column's choice, and what it means there to keep them so.

``keep`` leaves them missing; ``drop`` puts the row in quarantine; ``unknown`` writes that word; ``median`` and ``draw``
write the median of the values that are known, or one of these drawn by the seed, and mark the row in a column of its
own (``recommender.contract.fields.indicator``). A statistic over purchases, ratings or events would carry held-out ones
into training, so only facts about customers and products can be filled by one.
"""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings

_Plain = Literal["keep", "drop"]
_Name = Literal["keep", "drop", "unknown"]
_Number = Literal["keep", "drop", "median", "draw"]


class MissingInCustomers(Settings):
    """What becomes of missing values in the customers table."""

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
    """What becomes of missing values in the products table."""

    brand: _Name = Field(default="keep", description="like no other product by it")
    category: _Name = Field(default="keep", description="like no other product by it")
    functions: _Plain = Field(default="keep", description="like no other product by them")
    ingredients: _Plain = Field(
        default="keep", description="not shown to who avoids an ingredient (`rules.unknown_ingredients`)"
    )
    price: _Number = Field(default="keep", description="within no limits of a price, and a missing value to the trees")
    stock: _Plain = Field(default="keep", description="taken to be there")
    launched: _Plain = Field(default="keep", description="there from the beginning")
    rating_mean: _Plain = Field(default="keep", description="nothing asks for it")
    rating_count: _Plain = Field(default="keep", description="nothing asks for it")
    loves: _Plain = Field(default="keep", description="nothing asks for it")


class MissingInTransactions(Settings):
    """What becomes of missing values in the transactions table."""

    unit_price: _Plain = Field(default="keep", description="nothing but the rules for prices asks for it")


class MissingInRatings(Settings):
    """What becomes of missing values in the ratings table."""

    time: _Plain = Field(default="keep", description="before all that has a time")


class MissingSettings(Settings):
    """What becomes of missing values, table by table; what events may be without depends on their type alone."""

    customers: MissingInCustomers = MissingInCustomers()
    products: MissingInProducts = MissingInProducts()
    transactions: MissingInTransactions = MissingInTransactions()
    ratings: MissingInRatings = MissingInRatings()

    def choices(self, table: str) -> dict[str, str]:
        """What becomes of a missing value of each column of ``table`` that leaves a choice."""
        return getattr(self, table).model_dump() if table in MissingSettings.model_fields else {}

    def dropping(self, table: str) -> list[str]:
        """The columns of ``table`` of which a missing value costs the row."""
        return [name for name, chosen in self.choices(table).items() if chosen == "drop"]
