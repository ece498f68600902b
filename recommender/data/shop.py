"""What the cleaning rules must know of the data set as a whole: which ids there are, usual prices, bots, now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

import numpy as np
import pandas as pd

from recommender import columns as c
from recommender.config.cleaning import CleaningSettings
from recommender.data.contract import BEHAVIOUR
from recommender.data.conversion import Typed

_ENOUGH_SALES: Final = 3
_MAD_TO_DEVIATION: Final = 1.4826
"""Median absolute deviation times this is the standard deviation, where values are normal."""


@dataclass(frozen=True)
class Shop:
    """The surroundings of a row, from all typed tables before any row is taken away.

    Attributes:
        latest: A time after it lies in the future.
        products: Every product id.
        customers: Every customer id; None where there is no customers table or unknown customers are kept.
        usual_prices: By product id: the median price it sold for, or its catalogue price where it sold too rarely.
        price_bounds: Lowest and highest believable catalogue price.
        bots: Customers that do more in a day than a person can.
    """

    settings: CleaningSettings
    latest: datetime
    products: pd.Index
    customers: pd.Index | None
    usual_prices: "pd.Series[float]"
    price_bounds: tuple[float, float]
    bots: pd.Index

    @classmethod
    def of(cls, tables: Mapping[str, Typed], settings: CleaningSettings, now: datetime | None = None) -> Self:
        """Look at all tables of a data set; ``now`` is the clock's time unless given."""
        frames = {name: table.frame for name, table in tables.items()}
        return cls(
            settings=settings,
            latest=(now or datetime.now(UTC)) + timedelta(hours=settings.future_tolerance_hours),
            products=_ids(frames[c.PRODUCTS], c.PRODUCT_ID),
            customers=_known_customers(frames, settings),
            usual_prices=_usual_prices(frames),
            price_bounds=_price_bounds(_positive(frames[c.PRODUCTS], c.PRICE), settings.price_deviations),
            bots=_bots(frames, settings.bot_rows_per_day),
        )


def _ids(frame: pd.DataFrame, column: str) -> pd.Index:
    return pd.Index(frame[column].dropna().unique())


def _known_customers(frames: Mapping[str, pd.DataFrame], settings: CleaningSettings) -> pd.Index | None:
    if c.CUSTOMERS not in frames or settings.unknown_customers == "keep":
        return None
    return _ids(frames[c.CUSTOMERS], c.CUSTOMER_ID)


def _positive(frame: pd.DataFrame, column: str) -> "pd.Series[float]":
    """The positive prices in a column, which may be missing."""
    prices = frame[column] if column in frame else pd.Series(dtype="float64")
    return prices[prices > 0]


def _usual_prices(frames: Mapping[str, pd.DataFrame]) -> "pd.Series[float]":
    products = frames[c.PRODUCTS].drop_duplicates(c.PRODUCT_ID).set_index(c.PRODUCT_ID)
    catalogue = _positive(products, c.PRICE)
    if c.TRANSACTIONS not in frames:
        return catalogue
    sales = frames[c.TRANSACTIONS]
    paid = _positive(sales, c.UNIT_PRICE)
    by_product = paid.groupby(sales.loc[paid.index, c.PRODUCT_ID])
    medians = by_product.median()[by_product.size() >= _ENOUGH_SALES]
    return medians.combine_first(catalogue)


def _price_bounds(prices: "pd.Series[float]", deviations: float) -> tuple[float, float]:
    """Bounds that many robust standard deviations of the logarithm around the median; none where prices are equal."""
    logs: Any = np.log(prices.to_numpy())
    if not len(logs):
        return 0.0, np.inf
    middle = np.median(logs)
    spread = deviations * _MAD_TO_DEVIATION * np.median(np.abs(logs - middle))
    return (float(np.exp(middle - spread)), float(np.exp(middle + spread))) if spread > 0 else (0.0, np.inf)


def _bots(frames: Mapping[str, pd.DataFrame], rows_per_day: int) -> pd.Index:
    """Customers with at least that many rows of one table on one day."""
    found = pd.Index([], dtype=object)
    for frame in (frames[name] for name in BEHAVIOUR if name in frames and c.TIME in frames[name]):
        a_day = frame.groupby([c.CUSTOMER_ID, frame[c.TIME].dt.floor("D")]).size()
        found = found.union(a_day[a_day >= rows_per_day].index.get_level_values(c.CUSTOMER_ID).unique())
    return found
