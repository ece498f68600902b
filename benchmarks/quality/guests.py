"""What guests' baskets are worth: the same shop learnt from with them and without, on the same held-out purchases."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality.comparison import BenchmarkComparison
from infrastructure.documents import table
from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.evaluation import metrics
from recommender.evaluation.metrics import Interval
from recommender.splits import split
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import clean_tables
from settings.config import Config

SEEDS: Final = (0, 1, 2)
_TITLES: Final = ("NDCG@k", "mean", "from", "to")


@dataclass(frozen=True)
class GuestsWorth:
    """NDCG@k of the hybrid over the customers of every seed; ``gained`` is the paired difference.

    Attributes:
        baskets: How many baskets of guests there are.
        customers: How many customers were tested.
    """

    baskets: int
    customers: int
    without: Interval
    learnt: Interval
    gained: Interval


def guests_worth(shop: SyntheticSettings, share: float, config: Config, seeds: tuple[int, ...] = SEEDS) -> GuestsWorth:
    """Make a ``share`` of the synthetic shop's customers guests, and fit the hybrid with their baskets and without.

    Each seed is another shop.
    """
    learnt, without, baskets = list[NDArray[np.float64]](), list[NDArray[np.float64]](), 0
    for seed in seeds:
        tables = shop_with_guests(shop.model_copy(update={"seed": seed}), share, config)
        guests = tables.guest_baskets
        baskets += 0 if guests is None else guests[c.TRANSACTION_ID].nunique()
        learnt.append(_ndcg(tables, config))
        without.append(_ndcg(replace(tables, guest_baskets=None), config))
        note("guests' baskets", seed=seed, learnt=learnt[-1].mean(), thrown_away=without[-1].mean())
    with_them, without_them = np.concatenate(learnt), np.concatenate(without)
    resamples = config.evaluation.resamples
    return GuestsWorth(
        baskets,
        len(with_them),
        metrics.mean_interval(without_them, resamples, config.seed),
        metrics.mean_interval(with_them, resamples, config.seed),
        metrics.mean_interval(with_them - without_them, resamples, config.seed, lowest=-1.0),
    )


def guests_table(worth: GuestsWorth) -> str:
    """The figures in Markdown, intervals of 95 %."""
    parts = {"thrown away": worth.without, "learnt from": worth.learnt, "gained": worth.gained}
    rows = ((name, f"{part.value:.4f}", f"{part.low:.4f}", f"{part.high:.4f}") for name, part in parts.items())
    said = f"{worth.baskets:,} baskets of guests, {worth.customers:,} customers tested"
    return f"{said}\n\n{table(_TITLES, rows, 'lrrr')}"


def shop_with_guests(shop: SyntheticSettings, share: float, config: Config) -> Tables:
    """The clean shop, in which a share of the customers never said who they are: all but their purchases is gone."""
    raw = clean_tables(shop)
    ids = raw[c.CUSTOMERS][c.CUSTOMER_ID]
    guests = ids[np.random.default_rng([shop.seed, 23]).random(len(ids)) < share]
    known = {name: rows[~rows[c.CUSTOMER_ID].isin(guests)] for name, rows in raw.items() if c.CUSTOMER_ID in rows}
    # What is paid together shares its time.
    receipts = raw[c.TRANSACTIONS].assign(
        **{c.TRANSACTION_ID: lambda rows: rows[c.CUSTOMER_ID] + " " + rows[c.TIME]},
    )
    hidden = receipts[c.CUSTOMER_ID].isin(guests)
    receipts[c.TRANSACTION_ID] = pd.Series(pd.factorize(receipts[c.TRANSACTION_ID])[0], receipts.index).astype(str)
    receipts[c.CUSTOMER_ID] = receipts[c.CUSTOMER_ID].astype(object).mask(hidden, None)
    return prepare(RawTables("guests", {**raw, **known, c.TRANSACTIONS: receipts}), config).tables


def _ndcg(tables: Tables, config: Config) -> NDArray[np.float64]:
    """NDCG@k of the hybrid for each tested customer, in the order of the split."""
    comparison = BenchmarkComparison(split(tables, config), config)
    result = comparison.evaluate_hybrid(*comparison.fit_hybrid())
    return metrics.ndcg(result.ranks, config.evaluation.k, comparison.owners)
