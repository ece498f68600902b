"""Right in time: what was known at a moment, and from which moment a feature row holds."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, Self

import pandas as pd

from recommender import columns as c
from recommender.data.interactions import interactions
from recommender.data.tables import Tables
from recommender.features.concerns import product_concerns

UNDATED: Final = pd.Timestamp("1970-01-02", tz=UTC)
"""The moment of features from data without any time: fixed, so that the same data gives the same bytes."""

_BEGINS: Final = {
    c.CUSTOMERS: c.SIGNUP_TIME,
    c.PRODUCTS: c.LAUNCHED,
    c.TRANSACTIONS: c.TIME,
    c.RATINGS: c.TIME,
    c.EVENTS: c.TIME,
}
"""By table: the time from which a row exists."""

_BEHAVIOUR: Final = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What was known at a moment, and what several features are made from; nothing later is in it.

    Attributes:
        tables: The rows that existed.
        now: The moment, to which ages count and at which windows end.
    """

    tables: Tables
    now: pd.Timestamp

    @classmethod
    def take(cls, tables: Tables, at: datetime | None) -> Self:
        """What existed at ``at`` (with a time zone).

        What a customer did counts only when its time is known and not later; a customer or product without
        a time counts as there from the beginning. Where ``at`` is None every row counts, and the moment is
        the last time at which a customer did anything, else :data:`UNDATED`.
        """
        if at is None:
            return cls(tables, _latest(tables))
        moment = pd.Timestamp(at).tz_convert(UTC)
        known = {name: table[_existed(name, table, moment)].reset_index(drop=True) for name, table in tables}
        return cls(replace(tables, **known), moment)

    @cached_property
    def uses(self) -> pd.DataFrame:
        """Every use of a product by a customer, as ``interactions`` gives them."""
        return interactions(self.tables)

    @cached_property
    def concerns(self) -> pd.DataFrame:
        """How much each product serves each concern, as ``product_concerns`` gives it."""
        return product_concerns(self.tables.products)

    @cached_property
    def last_seen(self) -> "pd.Series[pd.Timestamp]":
        """When each customer of any table last did anything, by customer id (sorted).

        A customer who did nothing with a time has the time of signing up, else :data:`UNDATED`.
        """
        seen = [
            pd.Series(_times(name, table).to_numpy(), index=table[c.CUSTOMER_ID])
            for name, table in self.tables
            if c.CUSTOMER_ID in table and len(table)
        ]
        times = pd.concat(seen or [pd.Series(dtype="datetime64[us, UTC]")]).groupby(level=0, sort=True).max()
        return pd.to_datetime(times, utc=True).fillna(UNDATED).dt.as_unit("us")


def _latest(tables: Tables) -> pd.Timestamp:
    times = [table[c.TIME].max() for name, table in tables if name in _BEHAVIOUR and c.TIME in table]
    return max((time for time in times if not pd.isna(time)), default=UNDATED)


def _existed(name: str, table: pd.DataFrame, moment: pd.Timestamp) -> "pd.Series[bool]":
    times = _times(name, table)
    return (times <= moment) if name in _BEHAVIOUR else ~(times > moment)


def _times(name: str, table: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """From when each row exists; NaT where that is not known."""
    column = _BEGINS[name]
    return table[column] if column in table else pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
