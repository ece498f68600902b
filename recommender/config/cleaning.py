"""How raw rows become clean ones: the bounds that the cleaning rules judge by, and what becomes of missing values."""

from typing import Literal

from pydantic import Field

from infrastructure.settings import Settings
from recommender.config.missing import MissingSettings


class CleaningSettings(Settings):
    """The bounds of the cleaning rules (``recommender/data/cleaning/rules.py`` says what each rule does)."""

    earliest_year: int = Field(default=1995, ge=1970, description="a purchase, rating or event before it is a mistake")
    future_tolerance_hours: float = Field(
        default=24, ge=0, description="how far after now a time may be; local times are read as UTC, so a day"
    )
    oldest_birth_year: int = Field(default=1900, ge=1800, description="a birth year before it is a mistake")
    maximum_quantity: int = Field(default=1000, ge=1, description="pieces in one row above which it is a mistake")
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
        default=200, ge=2, description="rows of one customer on one day from which the customer is taken for a bot"
    )
    unknown_customers: Literal["quarantine", "keep"] = Field(
        default="quarantine",
        description="what happens to behaviour of customers who are not in the customers table, where there is one",
    )
    missing: MissingSettings = MissingSettings()
