"""Ratings of purchases: stars by how well the product suits, some days later."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from recommender.contract import columns as c
from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.purchases.purchases import SlotOutcomes
from recommender.synthetic.simulation import random_stream
from recommender.synthetic.tables.cells import iso_times

RATED = 0.3  # share of purchases
MEAN, SPREAD, NOISE = 4.1, 0.6, 0.7  # stars: average, a standard deviation of liking, what liking does not explain
LIKING_MEAN, LIKING_DEVIATION = 4.5, 3.8  # of what is bought; fixed, so that a drift changes no earlier rating
SOONEST, LATEST = 3, 40  # days after the purchase


def ratings_table(choice: ChoiceModel, considered: SlotOutcomes) -> pd.DataFrame:
    """The ratings given until the end of the recorded period, by time."""
    rng = random_stream(choice.settings.seed, "ratings")
    rated = considered.bought & (rng.random(len(considered.slots)) < RATED)
    delay = rng.integers(SOONEST * SECONDS_A_DAY, LATEST * SECONDS_A_DAY, len(rated))
    stars = _stars(considered, rng)
    slots = considered.slots
    times = slots.paid + delay
    rows = np.flatnonzero(rated & (times < (choice.settings.last_day + 1) * SECONDS_A_DAY))
    rows = rows[times[rows].argsort(kind="stable")]
    return pd.DataFrame(
        {
            c.CUSTOMER_ID: choice.customers.ids[slots.customer[rows]],
            c.PRODUCT_ID: choice.products.ids[considered.product[rows]],
            c.RATING: stars[rows],
            c.TIME: iso_times(times[rows]),
        }
    )


def _stars(considered: SlotOutcomes, rng: np.random.Generator) -> NDArray[np.float64]:
    """1 to 5 stars for every slot."""
    suits = np.where(considered.bought, considered.liking - LIKING_MEAN, 0.0) / LIKING_DEVIATION
    stars = MEAN + SPREAD * suits + rng.normal(0, NOISE, len(suits))
    return np.clip(np.rint(stars), 1, 5)
