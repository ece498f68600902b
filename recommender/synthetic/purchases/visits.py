"""When customers come to the shop, and how many products they consider each time."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from recommender.synthetic.customers.customers import SimulatedCustomers
from recommender.synthetic.customers.needs import DAYS_A_YEAR
from recommender.synthetic.settings import EPOCH, SyntheticSettings
from recommender.synthetic.simulation import Ints, random_stream

GROWTH = 0.25  # more visits at the end of the period than at its beginning, as a share
WEEKDAYS = (1.0, 0.9, 0.95, 1.0, 1.1, 1.25, 1.2)  # from Monday
GIFT_SEASON = (date(2000, 11, 20), date(2000, 12, 22), 1.6)  # first and last day of the year, factor
HOURS = (1, 1, 0.5, 0.3, 0.3, 0.6, 2, 4, 6, 7, 7, 8, 9, 8, 7, 6, 6, 7, 9, 11, 12, 11, 7, 3)
LARGEST_BASKET = 8


@dataclass(frozen=True)
class Slots:
    """Each product a customer considers, as arrays sorted by customer and time.

    Attributes:
        customer: Customer index, int32[slots].
        visit: Number of the visit it belongs to, int32[slots].
        day: Days since 1970, int32[slots].
        second: Second of the day at which the visit's basket is paid, int32[slots].
        position: Place within the visit, int32[slots].
    """

    customer: Ints
    visit: Ints
    day: Ints
    second: Ints
    position: Ints

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def paid(self) -> NDArray[np.int64]:
        """Seconds since 1970 at which each slot's basket is paid."""
        return self.day.astype(np.int64) * SECONDS_A_DAY + self.second


def draw_slots(settings: SyntheticSettings, customers: SimulatedCustomers) -> Slots:
    """Every visit within the recorded period, from each customer's sign-up on."""
    counts = _visit_counts(settings, customers)
    customer = np.repeat(np.arange(len(customers), dtype=np.int32), counts)
    day = _days(settings, customers.signup[customer])
    second = _seconds(settings, len(customer))
    order = np.lexsort((second, day, customer))
    baskets = 1 + random_stream(settings.seed, "baskets").poisson(settings.basket - 1, len(customer))
    baskets = np.minimum(baskets, LARGEST_BASKET)
    visit = np.repeat(np.arange(len(customer), dtype=np.int32), baskets)
    first = np.cumsum(baskets) - baskets
    return Slots(
        customer=customer[order][visit],
        visit=visit,
        day=day[order][visit],
        second=second[order][visit],
        position=(np.arange(len(visit)) - first[visit]).astype(np.int32),
    )


def _visit_counts(settings: SyntheticSettings, customers: SimulatedCustomers) -> NDArray[np.int64]:
    """How often each customer comes: Poisson around their activity."""
    here = settings.last_day + 1 - np.maximum(customers.signup, settings.first_day)
    mean = customers.activity * settings.orders_a_year * np.maximum(here, 0) / DAYS_A_YEAR
    return random_stream(settings.seed, "visits").poisson(mean)


def _days(settings: SyntheticSettings, signup: Ints) -> Ints:
    """A day for each visit, not before the customer's sign-up; busy days draw more."""
    busy = np.cumsum(_busyness(settings))
    busy /= busy[-1]
    since = np.maximum(signup - settings.first_day, 0)
    lowest = np.concatenate([[0.0], busy])[since]
    chance = lowest + random_stream(settings.seed, "visit days").random(len(signup)) * (1 - lowest)
    found = np.minimum(np.searchsorted(busy, chance, side="right"), settings.days - 1)
    return (settings.first_day + found).astype(np.int32)


def _busyness(settings: SyntheticSettings) -> NDArray[np.float64]:
    """Relative number of visits on each day of the period."""
    days = [EPOCH + timedelta(days=settings.first_day + i) for i in range(settings.days)]
    begin, end, factor = GIFT_SEASON
    gifts = [factor if begin <= day.replace(year=2000) <= end else 1.0 for day in days]
    growth = 1 + GROWTH * np.arange(settings.days) / settings.days
    return np.array([WEEKDAYS[day.weekday()] for day in days]) * gifts * growth


def _seconds(settings: SyntheticSettings, count: int) -> Ints:
    """A second of the day for each visit, most at noon and in the evening."""
    draws = random_stream(settings.seed, "visit seconds").random((count, 2))
    hour = np.searchsorted(np.cumsum(HOURS) / np.sum(HOURS), draws[:, 0], side="right")
    return (np.minimum(hour, 23) * 3600 + draws[:, 1] * 3600).astype(np.int32)
