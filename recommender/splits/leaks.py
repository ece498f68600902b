"""The check that nothing held out is learnt from; it tests the finished training part, however it was made."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import LeakError
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData

INTERACTION_TABLES: Final = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)
"""Tables of what customers did."""

DATED_TABLES: Final = (*INTERACTION_TABLES, c.GUEST_BASKETS)
"""Tables of what was done when: a split by time learns nothing that is in them from its date on."""

_PAIR: Final = [c.CUSTOMER_ID, c.PRODUCT_ID]


def reveals_held_out(name: str, table: pd.DataFrame, test: pd.DataFrame) -> NDArray[np.bool_]:
    """bool[rows]: which rows of a table reveal a held-out customer and product."""
    if name not in INTERACTION_TABLES or c.PRODUCT_ID not in table:
        return np.zeros(len(table), np.bool_)
    return np.asarray(pd.MultiIndex.from_frame(table[_PAIR]).isin(pd.MultiIndex.from_frame(test[_PAIR])), np.bool_)


def check_tables(train: Tables, test: pd.DataFrame, date: pd.Timestamp | None) -> None:
    """Check that no table of ``train`` reveals a held-out pair or anything at ``date`` or later.

    Raises:
        LeakError: One does.
    """
    for name, table in train:
        leaked = table[reveals_held_out(name, table, test)]
        if len(leaked):
            raise _leak(name, (*leaked[_PAIR].iloc[0],), "no row of a held-out customer and product")
        if date is not None and name in DATED_TABLES and c.TIME in table and len(table):
            latest = table[c.TIME].max()
            if not latest < date:
                raise _leak(name, latest, f"no row at or after {date:%Y-%m-%d}")


def check_histories(data: ModelData, histories: Histories, test: pd.DataFrame) -> None:
    """Check that no held-out pair (customer_id, product_id) is in the histories that a model is fitted on.

    Raises:
        LeakError: One is.
    """
    customers = np.asarray(data.customer_ids, object)[histories.owners]
    products = np.asarray(data.catalogue.product_ids, object)[histories.products]
    learnt = pd.MultiIndex.from_arrays([customers, products])
    leaked = learnt[learnt.isin(pd.MultiIndex.from_frame(test[_PAIR]))]
    if len(leaked):
        raise _leak("histories", str(leaked[0]), "no use of a held-out product")


def _leak(where: str, value: object, expected: str) -> LeakError:
    return LeakError("The training part tells of what is held out.", where=where, value=value, expected=expected)
