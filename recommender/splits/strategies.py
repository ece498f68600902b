"""The ways to split a data set, by the name that ``evaluation.split`` gives them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import DataError
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.query import Profile
from recommender.contract.tables import Tables
from recommender.models.model_data import first_interactions, profiles
from recommender.splits.by_time import rolling_origins, split_by_time
from recommender.splits.held_out import Split, held_out


def split(tables: Tables, config: RecommenderConfig) -> Split:
    """The one split to evaluate by; of rolling origins the latest.

    Raises:
        DataError: The data cannot be split in this way.
    """
    return folds(tables, config)[-1]


def folds(tables: Tables, config: RecommenderConfig) -> list[Split]:
    """Every split to evaluate by, from the oldest: several for rolling origins, else one.

    Raises:
        DataError: The data cannot be split in this way.
    """
    kind = config.evaluation.split
    return rolling_origins(tables, config) if kind == "rolling" else [_SPLITS[kind](tables, config)]


def _leave_last_out(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out the last product that each customer came to use.

    Customers with fewer than ``minimum_history`` products are not tested, so at least one always stays. Where
    the data has no dates the order is a draw that depends on seed, customer and product alone: a later split of
    more data never tests what an earlier one trained on.
    """
    firsts = first_interactions(tables, config.seed)
    length = firsts.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].transform("size")
    ends = ~firsts.duplicated(c.CUSTOMER_ID, keep="last")
    return Split(tables, held_out(firsts, ends & (length >= config.evaluation.minimum_history)))


def _hold_out_random_products(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out a share of each customer's products, drawn by the seed.

    Of ``n`` products ``test_share`` × ``n`` are held out, rounded, but at least one; and at least one stays.
    Customers with fewer than ``minimum_history`` products are not tested.

    Raises:
        DataError: No customer has enough products.
    """
    firsts = first_interactions(tables, config.seed)
    customers = firsts[c.CUSTOMER_ID]
    draw = pd.Series(_draws(customers + "\x1f" + firsts[c.PRODUCT_ID], config.seed), index=firsts.index)
    length = customers.groupby(customers).transform("size")
    wanted = (config.evaluation.test_share * length).round().clip(lower=1).clip(upper=length - 1)
    place = draw.groupby(customers).rank(method="first")
    tested = (place <= wanted) & (length >= config.evaluation.minimum_history)
    return Split(tables, _not_empty(held_out(firsts, tested)), "random")


def _hold_out_customers(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out all that a share of the customers did, and test them by their profile alone.

    Drawn are ``test_share`` of the customers of whom anything is known beside what they used: a draw by the seed
    and the customer alone.

    Raises:
        DataError: Nothing is known of any customer.
    """
    firsts = first_interactions(tables, config.seed)
    ids = pd.Series(firsts[c.CUSTOMER_ID].unique(), dtype="str")
    known = np.array([profile != Profile() for profile in profiles(tables, ids.tolist())], np.bool_)
    drawn = _draws(ids, config.seed) < config.evaluation.test_share * 2.0**64
    tested = firsts[c.CUSTOMER_ID].isin(ids[known & drawn])
    return Split(tables, _not_empty(held_out(firsts, tested)), "customers")


def _draws(keys: "pd.Series[str]", seed: int) -> NDArray[np.uint64]:
    """A number of 64 bits for each key, which depends on key and seed alone."""
    hashed = pd.util.hash_pandas_object(keys, index=False, hash_key=f"split{seed:011d}"[:16])
    return hashed.to_numpy().astype(np.uint64)


def _not_empty(test: pd.DataFrame) -> pd.DataFrame:
    """``test``, if there is anything in it."""
    if test.empty:
        raise DataError(
            "With this split nobody can be tested.",
            field="evaluation.split",
            expected="random: customers with several products; customers: customers with a profile",
        )
    return test


_SPLITS = {
    "last": _leave_last_out,
    "time": split_by_time,
    "random": _hold_out_random_products,
    "customers": _hold_out_customers,
}
