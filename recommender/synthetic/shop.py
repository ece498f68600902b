"""The synthetic shop's raw tables, as a source delivers them; and where errors were planted in them."""

from datetime import date

import numpy as np
import pandas as pd

from recommender.contract import columns as c
from recommender.synthetic.customers.choice_model import ChoiceModel
from recommender.synthetic.customers.customers import draw_customers
from recommender.synthetic.products.products import draw_products
from recommender.synthetic.purchases.purchases import simulate_purchases
from recommender.synthetic.purchases.visits import draw_slots
from recommender.synthetic.settings import SyntheticSettings, epoch_day
from recommender.synthetic.tables.bots import with_bots
from recommender.synthetic.tables.catalogue_tables import customers_table, products_table
from recommender.synthetic.tables.dirt import OUTCOMES, PLANTED, plant_dirt
from recommender.synthetic.tables.events import events_table
from recommender.synthetic.tables.ratings import ratings_table
from recommender.synthetic.tables.transactions import transactions_table

DEFECT = "defect"
OUTCOME = "outcome"


def generate(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    """Every table of the contract, dirt included; the same settings give the same tables.

    Returns:
        Tables by name, with the contract's column names. Times are ISO 8601 texts (apart from planted errors), list
        columns hold Python lists.
    """
    return {name: table.drop(columns=PLANTED) for name, table in _soiled(settings).items()}


def records_on(settings: SyntheticSettings, day: date) -> dict[str, pd.DataFrame]:
    """Customers and products as the shop's records show them on a day, dirt included.

    Returns:
        Both tables: customers who have signed up and products that were launched by then, at that day's prices;
        withdrawn products are out of stock.
    """
    number, choice = epoch_day(day), open_shop(settings)
    tables = {
        c.CUSTOMERS: customers_table(settings, choice.customers)[choice.customers.signup <= number],
        c.PRODUCTS: products_table(settings, choice.products, number)[choice.products.launch <= number],
    }
    soiled = {name: plant_dirt(name, table.reset_index(drop=True), settings) for name, table in tables.items()}
    return {name: table.drop(columns=PLANTED) for name, table in soiled.items()}


def planted_defects(settings: SyntheticSettings) -> pd.DataFrame:
    """Where the errors in the tables of :func:`generate` are.

    Returns:
        One row a defect: ``table``, ``row`` (number from 0 in the raw table), ``defect`` and ``outcome``,
        what cleaning should do: reject the row, correct (or empty) its cell, or keep it. Of two copies either may be
        rejected; this table has the one that arrived later.
    """
    ledgers = [_ledger(name, table[PLANTED]) for name, table in _soiled(settings).items()]
    return pd.concat(ledgers, ignore_index=True)


def clean_tables(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    """The same shop without any dirt."""
    return generate(settings.model_copy(update={"dirt": settings.dirt.none()}))


def open_shop(settings: SyntheticSettings, newcomers: int = 0) -> ChoiceModel:
    """The simulated shop and its customers, with ``newcomers`` who sign up only after the recorded period."""
    return ChoiceModel(settings, draw_products(settings), draw_customers(settings, newcomers))


def _soiled(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    """The tables with their dirt and, in the column ``PLANTED``, its names."""
    choice = open_shop(settings)
    considered = simulate_purchases(choice, draw_slots(settings, choice.customers))
    tables = {
        c.CUSTOMERS: customers_table(settings, choice.customers),
        c.PRODUCTS: products_table(settings, choice.products),
        c.TRANSACTIONS: transactions_table(choice, considered),
        c.RATINGS: ratings_table(choice, considered),
        c.EVENTS: with_bots(events_table(choice, considered), choice, considered.slots),
    }
    return {name: plant_dirt(name, table, settings) for name, table in tables.items()}


def _ledger(name: str, planted: "pd.Series[str]") -> pd.DataFrame:
    rows = np.flatnonzero(planted != "")
    defects = planted.iloc[rows].to_numpy()
    outcomes = [OUTCOMES[defect] for defect in defects]
    return pd.DataFrame({c.TABLE: name, c.ROW: rows, DEFECT: defects, OUTCOME: outcomes})
