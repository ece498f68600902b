"""The proof that what is held out is not learnt from; it asks the finished training part, however it was made."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import LeakError
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData

USES: Final = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)
"""Tables that tell what customers did."""

_PAIR: Final = [c.CUSTOMER_ID, c.PRODUCT_ID]


def tells(name: str, table: pd.DataFrame, test: pd.DataFrame) -> NDArray[np.bool_]:
    """bool[rows]: which rows of a table tell of a held-out customer and product."""
    if name not in USES or c.PRODUCT_ID not in table:
        return np.zeros(len(table), np.bool_)
    return np.asarray(pd.MultiIndex.from_frame(table[_PAIR]).isin(pd.MultiIndex.from_frame(test[_PAIR])), np.bool_)


def check_tables(train: Tables, test: pd.DataFrame, date: pd.Timestamp | None) -> None:
    """See that no table of ``train`` tells of a held-out pair, and none of what came at ``date`` or later.

    Raises:
        LeakError: One does.
    """
    for name, table in train:
        told = table[tells(name, table, test)]
        if len(told):
            raise _leak(name, (*told[_PAIR].iloc[0],), "no row of a held-out customer and product")
        if date is not None and name in USES and c.TIME in table and len(table):
            latest = table[c.TIME].max()
            if not latest < date:
                raise _leak(name, latest, f"no row at or after {date:%Y-%m-%d}")


def check_histories(data: ModelData, histories: Histories, test: pd.DataFrame) -> None:
    """See that no held-out pair is in the histories that a model is fitted on.

    Args:
        data: Whose customers and products the histories are of.
        histories: What the model is fitted on.
        test: customer_id and product_id of what is held out.

    Raises:
        LeakError: One is.
    """
    customers = np.asarray(data.customer_ids, object)[histories.owners]
    products = np.asarray(data.catalogue.product_ids, object)[histories.products]
    learnt = pd.MultiIndex.from_arrays([customers, products])
    told = learnt[learnt.isin(pd.MultiIndex.from_frame(test[_PAIR]))]
    if len(told):
        raise _leak("histories", str(told[0]), "no use of a held-out product")


def _leak(where: str, value: object, expected: str) -> LeakError:
    return LeakError("The training part tells of what is held out.", where=where, value=value, expected=expected)
