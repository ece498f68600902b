"""Right in time: what was known at a moment, and from which moment a feature row holds."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pandas as pd

from recommender import columns as c
from recommender.data.tables import Tables

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


def as_of(tables: Tables, at: datetime | None) -> Tables:
    """The rows that existed at ``at``, or all where it is None.

    What a customer did counts only when its time is known and not later; a customer or product without a
    time counts as there from the beginning.
    """
    if at is None:
        return tables
    known = {name: table[_existed(name, table, pd.Timestamp(at))] for name, table in tables}
    return replace(tables, **{name: table.reset_index(drop=True) for name, table in known.items()})


def moment(tables: Tables, at: datetime | None) -> pd.Timestamp:
    """``at``, else the last time at which a customer did anything, else :data:`UNDATED`."""
    if at is not None:
        return pd.Timestamp(at).tz_convert(UTC)
    latest = [table[c.TIME].max() for name, table in tables if name in _BEHAVIOUR and c.TIME in table]
    return max((time for time in latest if not pd.isna(time)), default=UNDATED)


def last_seen(tables: Tables) -> "pd.Series[pd.Timestamp]":
    """When each customer last did anything, by customer id (sorted): every customer of every table.

    A customer who did nothing with a time has the time of signing up, else :data:`UNDATED`.
    """
    seen = [
        pd.Series(_times(name, table).to_numpy(), index=table[c.CUSTOMER_ID])
        for name, table in tables
        if c.CUSTOMER_ID in table and len(table)
    ]
    times = pd.concat(seen or [pd.Series(dtype="datetime64[us, UTC]")]).groupby(level=0, sort=True).max()
    return pd.to_datetime(times, utc=True).fillna(UNDATED).dt.as_unit("us")


def _existed(name: str, table: pd.DataFrame, at: pd.Timestamp) -> "pd.Series[bool]":
    times = _times(name, table)
    return (times <= at) if name in _BEHAVIOUR else ~(times > at)


def _times(name: str, table: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """From when each row exists; NaT where that is not known."""
    column = _BEGINS[name]
    return table[column] if column in table else pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
