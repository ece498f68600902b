"""The held-out transaction of each customer, and everything else."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import numpy as np
import pandas as pd

from recommender import columns as c
from recommender.config import Config
from recommender.data.tables import Tables
from recommender.files import whole_folder
from recommender.models.data import first_uses

_TABLES: Final = "tables"
_TEST: Final = "test.parquet"
_PAIR: Final = [c.CUSTOMER_ID, c.PRODUCT_ID]


@dataclass(frozen=True)
class Split:
    """Leave-last-out: one product a customer to be found, from everything that came before.

    Attributes:
        tables: Everything there is.
        test: customer_id, product_id, time (NaT where not known), same_day (whether the customer's use before
            it was on the same day): one row a tested customer.
    """

    tables: Tables
    test: pd.DataFrame

    @cached_property
    def train(self) -> Tables:
        """The tables without anything that tells of the held-out pairs: purchases, ratings and events of them."""
        held = pd.MultiIndex.from_frame(self.test[_PAIR])
        kept = {name: table[~_tells(name, table, held)].reset_index(drop=True) for name, table in self.tables}
        return Tables(**kept)

    def write(self, folder: Path) -> None:
        """Write both; the folder appears whole or not at all."""
        with whole_folder(folder) as partial:
            self.tables.write(partial / _TABLES)
            self.test.to_parquet(partial / _TEST, index=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote."""
        return cls(Tables.read(folder / _TABLES), pd.read_parquet(folder / _TEST))


def split(tables: Tables, config: Config) -> Split:
    """Hold out the last product that each customer came to use.

    Customers with fewer than ``minimum_history`` products are not tested, so at least one always stays. Where
    the data has no dates the order is a draw that depends on seed, customer and product alone: a later split of
    more data never tests what an earlier one trained on.
    """
    uses = first_uses(tables, config.seed)
    length = uses.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].transform("size")
    last = ~uses.duplicated(c.CUSTOMER_ID, keep="last")
    day = uses[c.TIME].dt.floor("D")
    same_day = day.eq(day.shift()) & uses[c.CUSTOMER_ID].eq(uses[c.CUSTOMER_ID].shift())
    tested = last & (length >= config.evaluation.minimum_history)
    return Split(tables, uses.assign(same_day=same_day)[tested].reset_index(drop=True))


def _tells(name: str, table: pd.DataFrame, held: pd.MultiIndex) -> np.ndarray:
    if name not in (c.TRANSACTIONS, c.RATINGS, c.EVENTS) or c.PRODUCT_ID not in table:
        return np.zeros(len(table), bool)
    return pd.MultiIndex.from_frame(table[_PAIR]).isin(held)
