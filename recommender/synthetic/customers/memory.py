"""Earlier purchases that influence a customer's next one."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.synthetic.simulation import Bools, Ints

REMEMBERED = 8  # latest purchases that act on the next one
FORGOTTEN = 3.0  # times a product lasts, after which it is not bought again
LONG_AGO = -10_000  # a day before all others


@dataclass
class PurchaseMemory:
    """Earlier purchases that influence the next choice of each customer.

    Attributes:
        products: The latest purchases, -1 where there is none, int32[customers, REMEMBERED].
        days: When they were made, int32[customers, REMEMBERED].
        cursor: Where the next purchase is noted, int32[customers].
        last: The last product, -1 before the first, int32[customers].
        last_day: When it was bought, int32[customers].
        step_days: When each step was last bought, int32[customers, steps].
    """

    products: Ints
    days: Ints
    cursor: Ints
    last: Ints
    last_day: Ints
    step_days: Ints

    @classmethod
    def empty(cls, customers: int, steps: int) -> Self:
        """The memory of customers who have bought nothing yet."""
        return cls(
            products=np.full((customers, REMEMBERED), -1, np.int32),
            days=np.full((customers, REMEMBERED), LONG_AGO, np.int32),
            cursor=np.zeros(customers, np.int32),
            last=np.full(customers, -1, np.int32),
            last_day=np.full(customers, LONG_AGO, np.int32),
            step_days=np.full((customers, steps), LONG_AGO, np.int32),
        )

    def note(self, who: Ints, days: Ints, products: Ints, steps: Ints, again: Ints) -> None:
        """Note one purchase of each of ``who``; one bought again (``again`` is its place, else -1) renews its entry."""
        place = np.where(again >= 0, again, self.cursor[who])
        self.products[who, place] = products
        self.days[who, place] = days
        self.cursor[who] = (self.cursor[who] + (again < 0)) % REMEMBERED
        self.last[who], self.last_day[who] = products, days
        self.step_days[who, steps] = days

    def run_out(self, who: Ints, days: Ints, places: Ints, lasts: Ints) -> Bools:
        """Whether the purchase at ``places`` is used up but not forgotten; ``lasts`` is days by product."""
        product = self.products[who, places]
        age = days - self.days[who, places]
        return (product >= 0) & (age >= lasts[product]) & (age <= FORGOTTEN * lasts[product])
