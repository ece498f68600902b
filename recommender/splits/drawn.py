"""Splits by a draw: some products of every customer, or some customers whole."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import DataError
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.query import Profile
from recommender.contract.tables import Tables
from recommender.models.model_data import first_uses, profiles
from recommender.splits.parts import Split, held_out


def at_random(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out a share of each customer's products, drawn by the seed.

    Of ``n`` products ``test_share`` × ``n`` are held out, rounded, but at least one; and at least one stays.
    Customers with fewer than ``minimum_history`` products are not tested.

    Raises:
        DataError: Nobody has so many products.
    """
    uses = first_uses(tables, config.seed)
    customers = uses[c.CUSTOMER_ID]
    draw = pd.Series(_draws(customers + "\x1f" + uses[c.PRODUCT_ID], config.seed), index=uses.index)
    length = customers.groupby(customers).transform("size")
    wanted = (config.evaluation.test_share * length).round().clip(lower=1).clip(upper=length - 1)
    place = draw.groupby(customers).rank(method="first")
    tested = (place <= wanted) & (length >= config.evaluation.minimum_history)
    return Split(tables, _somebody(held_out(uses, tested)), "random")


def whole_customers(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out all that a share of the customers did, and ask for them by their profile alone.

    Drawn are ``test_share`` of the customers of whom anything is known beside what they used: a draw by the seed
    and the customer alone.

    Raises:
        DataError: Nothing is known of any customer.
    """
    uses = first_uses(tables, config.seed)
    ids = pd.Series(uses[c.CUSTOMER_ID].unique(), dtype="str")
    told = np.array([profile != Profile() for profile in profiles(tables, ids.tolist())], np.bool_)
    drawn = _draws(ids, config.seed) < config.evaluation.test_share * 2.0**64
    tested = uses[c.CUSTOMER_ID].isin(ids[told & drawn])
    return Split(tables, _somebody(held_out(uses, tested)), "customers")


def _draws(keys: "pd.Series[str]", seed: int) -> NDArray[np.uint64]:
    """A number of 64 bits for each key, which depends on key and seed alone."""
    hashed = pd.util.hash_pandas_object(keys, index=False, hash_key=f"split{seed:011d}"[:16])
    return hashed.to_numpy().astype(np.uint64)


def _somebody(test: pd.DataFrame) -> pd.DataFrame:
    """``test``, if there is anything in it."""
    if test.empty:
        raise DataError(
            "With this split nobody can be tested.",
            field="evaluation.split",
            expected="random: customers with several products; customers: customers with a profile",
        )
    return test
