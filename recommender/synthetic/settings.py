"""Settings of a synthetic shop: its size, its dates, its data errors and its drift."""

from datetime import date
from typing import Self

from pydantic import Field

from infrastructure.settings import Settings

EPOCH = date(1970, 1, 1)


def epoch_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


class DirtSettings(Settings):
    """Errors in the raw data, as shares of a table's rows (unless said otherwise)."""

    duplicates: float = Field(default=0.004, ge=0, le=0.1, description="rows sent twice, in every table")
    late: float = Field(default=0.003, ge=0, le=0.1, description="rows that arrive long after their time (valid)")
    offset_times: float = Field(default=0.003, ge=0, le=0.1, description="times with another UTC offset (valid)")
    bad_times: float = Field(default=0.002, ge=0, le=0.1, description='unreadable times, such as "yesterday"')
    future_times: float = Field(default=0.001, ge=0, le=0.1, description="times decades ahead")
    cents: float = Field(default=0.002, ge=0, le=0.1, description="transactions with a unit price in cents")
    negative_prices: float = Field(
        default=0.001, ge=0, le=0.1, description="credits: transactions with a small negative unit price"
    )
    bad_quantities: float = Field(
        default=0.001, ge=0, le=0.1, description="transactions of no piece, or of far too many"
    )
    returns: float = Field(default=0.002, ge=0, le=0.1, description="transactions that come back, and their returns")
    unknown_products: float = Field(default=0.001, ge=0, le=0.1, description="rows that name no product of the shop")
    unknown_customers: float = Field(default=0.001, ge=0, le=0.1, description="rows that name no customer of the shop")
    bad_ratings: float = Field(default=0.002, ge=0, le=0.1, description="ratings outside 1 to 5")
    unknown_types: float = Field(default=0.001, ge=0, le=0.1, description="events of a type outside the contract")
    misspelled_skin_types: float = Field(default=0.01, ge=0, le=0.1, description='customers with a "drry" skin type')
    bots: int = Field(default=2, ge=0, description="customers that are programs: hundreds of events in a day")

    @classmethod
    def none(cls) -> Self:
        """No dirt at all."""
        return cls.model_validate(dict.fromkeys(cls.model_fields, 0))


class SimulatedDriftSettings(Settings):
    """A change in customers' needs, and in who becomes a customer, from one day on."""

    at: date = Field(description="the first day of the change")
    strength: float = Field(default=1.0, ge=0, description="1 is what needs.yaml says, 2 is twice that")
    prices: float = Field(default=0.15, gt=-1, description="rise of all prices, as a share, at strength 1")


class WithdrawalSettings(Settings):
    """Brands that are out of stock from one day on, though they stay in the catalogue."""

    at: date = Field(description="the first day without them")
    brands: int = Field(default=1, ge=1, description="how many, beginning with the most popular one")


class SyntheticSettings(Settings):
    """The synthetic shop."""

    seed: int = Field(default=0, ge=0, description="of every random draw")
    customers: int = Field(default=3000, ge=1, description="customers who have signed up by the end")
    products: int = Field(default=800, ge=1, description="products; each size or shade is one")
    days: int = Field(default=546, ge=1, description="length of the recorded period, its last day included")
    end: date = Field(default=date(2025, 6, 30), description="last day of the recorded period")
    orders_a_year: float = Field(default=9.0, gt=0, description="visits of a customer in a year, on average")
    basket: float = Field(default=1.7, ge=1, description="products considered in a visit, on average")
    dirt: DirtSettings = DirtSettings()
    drift: SimulatedDriftSettings | None = Field(
        default=None, description="none: needs change with season and age only"
    )
    withdrawal: WithdrawalSettings | None = Field(default=None, description="none: what was launched stays")

    @property
    def first_day(self) -> int:
        """First recorded day, in days since 1970."""
        return self.last_day - self.days + 1

    @property
    def last_day(self) -> int:
        """Last recorded day, in days since 1970."""
        return epoch_day(self.end)
