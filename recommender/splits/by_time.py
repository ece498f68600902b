"""Splits at a date: nothing that happened at the date or later is learnt from."""

from itertools import pairwise

import pandas as pd

from infrastructure.errors import DataError
from recommender.config import RecommenderConfig
from recommender.config.evaluation import SplitKind
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.models.model_data import first_interactions
from recommender.splits.held_out import Split, held_out


def split_by_time(tables: Tables, config: RecommenderConfig) -> Split:
    """Hold out each customer's first new products from a date on.

    The date is ``split_date``, or the day from which on a share ``test_share`` of all first interactions was made. A
    customer is tested who had at least ``minimum_history`` - 1 products before it; tested are the first
    ``targets`` products that the customer came to use from the date on.

    Raises:
        DataError: There are no dates, or no customer can be tested.
    """
    firsts = first_interactions(tables, config.seed)
    settings = config.evaluation
    at = settings.split_date
    date = _day(firsts, 1 - settings.test_share) if at is None else pd.Timestamp(at, tz="UTC")
    return _split_at(tables, firsts, config, date, None, "time")


def rolling_origins(tables: Tables, config: RecommenderConfig) -> list[Split]:
    """Rolling-origin evaluation (Tashman, 2000): one split at each of several dates, from the oldest.

    The latest ``test_share`` of all first interactions is cut by date into ``folds`` windows of about equal size. Each
    split learns from all that came before its window and holds out what was new in it.

    Raises:
        DataError: There are no dates, too few for so many folds, or no customer can be tested in one.
    """
    firsts = first_interactions(tables, config.seed)
    settings = config.evaluation
    shares = [1 - settings.test_share * (1 - fold / settings.folds) for fold in range(settings.folds)]
    dates = [_day(firsts, share) for share in shares]
    if len({*dates}) < len(dates):
        raise DataError(
            "The data has too few dates for so many folds.",
            field="evaluation.folds",
            value=settings.folds,
            expected=f"at most {len({*dates})} with this evaluation.test_share",
        )
    windows = [*pairwise([*dates, None])]
    return [_split_at(tables, firsts, config, start, end, "rolling") for start, end in windows if start is not None]


def _split_at(
    tables: Tables,
    firsts: pd.DataFrame,
    config: RecommenderConfig,
    date: pd.Timestamp,
    end: pd.Timestamp | None,
    kind: SplitKind,
) -> Split:
    """The split at ``date``; new is what was first used from then on and before ``end``."""
    settings = config.evaluation
    known = firsts[c.TIME] < date
    before = known.groupby(firsts[c.CUSTOMER_ID]).transform("sum")
    new = (firsts[c.TIME] >= date) & (before >= settings.minimum_history - 1)
    if end is not None:
        new &= firsts[c.TIME] < end
    tested = new & new.groupby(firsts[c.CUSTOMER_ID]).cumsum().le(settings.targets)
    if not tested.any():
        raise DataError(
            "At this date nobody can be tested.",
            field="evaluation.split_date",
            value=f"{date:%Y-%m-%d}",
            expected="a date before and after which the same customers came to use products",
        )
    test = held_out(firsts[known | tested], tested[known | tested])
    return Split(tables, test, kind, date)


def _day(firsts: pd.DataFrame, share: float) -> pd.Timestamp:
    """The day (its beginning) up to which about ``share`` of all dated first interactions was made."""
    dated = firsts[c.TIME].dropna()
    if dated.empty:
        raise DataError(
            "The data has no dates, so it cannot be split by time.",
            field="evaluation.split",
            expected="last, random or customers",
        )
    return pd.Timestamp(dated.quantile(share)).floor("D")
