"""The split that ``evaluation.split`` names."""

from recommender.config import RecommenderConfig
from recommender.contract.tables import Tables
from recommender.splits.by_time import by_time, rolling
from recommender.splits.drawn import at_random, whole_customers
from recommender.splits.last import last
from recommender.splits.parts import Split

_ONE = {"last": last, "time": by_time, "random": at_random, "customers": whole_customers}


def split(tables: Tables, config: RecommenderConfig) -> Split:
    """The one split to judge by; of rolling origins the latest.

    Raises:
        DataError: The data cannot be split in this way.
    """
    return folds(tables, config)[-1]


def folds(tables: Tables, config: RecommenderConfig) -> list[Split]:
    """Every split to judge by, from the oldest: several for rolling origins, else one.

    Raises:
        DataError: The data cannot be split in this way.
    """
    kind = config.evaluation.split
    return rolling(tables, config) if kind == "rolling" else [_ONE[kind](tables, config)]
