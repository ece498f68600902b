"""Purchases as the shop records them."""

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.customers.customers import drifted_by
from recommender.synthetic.purchases.purchases import SlotOutcomes
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.simulation import Floats, Ints, random_stream
from recommender.synthetic.tables.cells import iso_times, numbered_ids

ON_SALE, REDUCED_TO = 0.15, 0.8
SEVERAL = 0.08  # share of purchases of more than one piece


def transactions_table(choice: ChoiceModel, considered: SlotOutcomes) -> pd.DataFrame:
    """Everything that was bought, by time; what is paid together shares its time."""
    slots = considered.slots
    times = slots.paid
    draws = random_stream(choice.settings.seed, "transactions").random((len(slots), 2))
    quantity = 1 + (draws[:, 0] < SEVERAL) + (draws[:, 0] < SEVERAL / 4)
    listed = choice.products.price[considered.product] * price_level(choice.settings, slots.day)
    paid = listed * np.where(draws[:, 1] < ON_SALE, REDUCED_TO, 1.0)
    rows = np.flatnonzero(considered.bought)
    rows = rows[np.lexsort((slots.position[rows], slots.customer[rows], times[rows]))]
    return pd.DataFrame(
        {
            c.TRANSACTION_ID: numbered_ids("t", len(rows)),
            c.CUSTOMER_ID: choice.customers.ids[slots.customer[rows]],
            c.PRODUCT_ID: choice.products.ids[considered.product[rows]],
            c.QUANTITY: quantity[rows].astype(np.int64),
            c.UNIT_PRICE: paid[rows].round(2),
            c.TIME: iso_times(times[rows]),
            c.POSITION: slots.position[rows].astype(np.int64),
        }
    )


def price_level(settings: SyntheticSettings, days: Ints) -> Floats:
    """What prices are multiplied with on each day: more than 1 once a drift has raised them."""
    rise = 0.0 if settings.drift is None else settings.drift.prices
    return (1 + rise * drifted_by(settings, days)).astype(np.float32)
