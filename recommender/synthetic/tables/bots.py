"""Bots among the customers: hundreds of views in one day, and never a purchase."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.purchases.visits import Slots
from recommender.synthetic.simulation import random_stream
from recommender.synthetic.tables.cells import iso_times
from recommender.synthetic.tables.dirt import BOTS, PLANTED

VIEWS_A_DAY = 600


def with_bots(events: pd.DataFrame, choice: ChoiceModel, slots: Slots) -> pd.DataFrame:
    """``events`` with those of bots, by time, marked in the column ``PLANTED``."""
    bots = _bots(choice, slots)
    if not len(bots):
        return events.assign(**{PLANTED: ""})
    theirs = pd.concat([_views(choice, bot, number) for number, bot in enumerate(bots.tolist())])
    both = pd.concat([events.assign(**{PLANTED: ""}), theirs.assign(**{PLANTED: BOTS})], ignore_index=True)
    places = np.searchsorted(events[c.TIME].to_numpy(), theirs[c.TIME].to_numpy()) - 0.5
    return both.iloc[np.concatenate([np.arange(len(events)), places]).argsort(kind="stable")].reset_index(drop=True)


def _bots(choice: ChoiceModel, slots: Slots) -> NDArray[np.int64]:
    """Customers who have signed up but do nothing else, as many as the settings ask for if there are."""
    idle = np.setdiff1d(np.flatnonzero(choice.customers.signup <= choice.settings.first_day), slots.customer)
    order = random_stream(choice.settings.seed, "bots").permutation(len(idle))
    return idle[order[: choice.settings.dirt.bots]]


def _views(choice: ChoiceModel, bot: int, number: int) -> pd.DataFrame:
    """One day of one bot: a few seconds between two views."""
    settings = choice.settings
    rng = random_stream(settings.seed, "bot", number)
    start = int(rng.integers(settings.first_day, settings.last_day + 1)) * SECONDS_A_DAY + 6 * 3600
    seen = rng.integers(len(choice.products), size=VIEWS_A_DAY, dtype=np.int32)
    return pd.DataFrame(
        {
            c.EVENT_ID: np.array([f"b{number:03d}{i:05d}" for i in range(VIEWS_A_DAY)], object),
            c.CUSTOMER_ID: choice.customers.ids[bot],
            c.SESSION_ID: f"bs{number:05d}",
            c.TYPE: event_types.VIEW,
            c.PRODUCT_ID: choice.products.ids[seen],
            c.QUERY: None,
            c.TIME: iso_times(start + np.cumsum(rng.integers(1, 60, VIEWS_A_DAY))),
        }
    )
