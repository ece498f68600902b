"""Point-in-time correctness: what was known at a moment, and from when on a feature row is valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, Self

import ibis
import pandas as pd

from recommender.contract import columns as c
from recommender.contract.arrow import as_frame
from recommender.contract.fields import BEHAVIOUR
from recommender.data.engines.backend import TIMESTAMP, Backend
from recommender.data.interactions import uses
from recommender.features.concerns import product_concerns

UNDATED: Final = pd.Timestamp("1970-01-02", tz=UTC)
"""The moment of features from data without any time: fixed, so that the same data gives the same bytes."""

PLACE: Final = "place"
"""Column of uses: the order of a customer's uses."""

_BEGINS: Final = {
    c.CUSTOMERS: c.SIGNUP_TIME,
    c.PRODUCTS: c.LAUNCHED,
    c.TRANSACTIONS: c.TIME,
    c.RATINGS: c.TIME,
    c.EVENTS: c.TIME,
}
"""By table: the time from which a row exists."""

_DESCRIBING: Final = (c.PRODUCT_ID, c.NAME, c.CATEGORY, c.FUNCTIONS, c.INGREDIENTS)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What was known at a moment, and what several features are made from; it holds nothing later.

    Attributes:
        tables: The rows that existed, by name of the table.
        now: The moment, at which ages are taken and windows end.
        backend: What computes.
    """

    tables: Mapping[str, ibis.Table]
    now: pd.Timestamp
    backend: Backend

    @classmethod
    def take(cls, tables: Mapping[str, ibis.Table], at: datetime | None, backend: Backend) -> Self:
        """What existed at ``at`` (with a time zone).

        A customer's action is included only when its time is known and not later; a customer or product without a time
        is always included. Where ``at`` is None every row is included, and the moment is the time of the last action of
        any customer, else :data:`UNDATED`.
        """
        if at is None:
            return cls(tables, _latest(tables, backend), backend)
        moment = pd.Timestamp(at).tz_convert(UTC)
        known = {name: table.filter(_existed(name, table, moment)) for name, table in tables.items()}
        return cls(known, moment, backend)

    @property
    def moment(self) -> Any:
        """``now`` within expressions."""
        return ibis.literal(self.now.to_pydatetime(), TIMESTAMP)

    @cached_property
    def uses(self) -> ibis.Table:
        """Every use of a product by a customer, as ``interactions.uses`` gives them, with :data:`PLACE`."""
        in_order = [ibis.asc(c.TIME, nulls_first=True), ibis.asc(c.POSITION)]
        place = ibis.row_number().over(group_by=c.CUSTOMER_ID, order_by=in_order).cast("int64")
        return self.backend.materialise(uses(self.tables).mutate(**{PLACE: place}))

    @cached_property
    def described(self) -> pd.DataFrame:
        """Names, claims and ingredients of products, sorted by product id, for features that Python computes."""
        products = self.tables[c.PRODUCTS]
        described = products.select(*(name for name in _DESCRIBING if name in products.columns)).order_by(c.PRODUCT_ID)
        return as_frame(self.backend.to_arrow(described))

    @cached_property
    def concerns(self) -> pd.DataFrame:
        """How much each product serves each concern, as ``product_concerns`` gives it, by product id (sorted)."""
        return product_concerns(self.described)

    @cached_property
    def last_seen(self) -> ibis.Table:
        """When (``seen``) each customer of any table last did anything: ``customer_id``, ``seen``.

        A customer who did nothing with a time has the time of signing up, else :data:`UNDATED`.
        """
        times = [
            table.select(c.CUSTOMER_ID, seen=exists_from(name, table))
            for name, table in self.tables.items()
            if c.CUSTOMER_ID in table.columns
        ]
        latest = ibis.union(*times) if len(times) > 1 else times[0]
        undated = ibis.literal(UNDATED.to_pydatetime(), TIMESTAMP)
        seen = latest.group_by(c.CUSTOMER_ID).agg(seen=ibis.coalesce(latest.seen.max(), undated))
        return self.backend.materialise(seen)


def exists_from(name: str, table: ibis.Table) -> Any:
    """From when each row of the table ``name`` exists; missing where that is not known."""
    column = _BEGINS[name]
    return (table[column] if column in table.columns else ibis.null()).cast(TIMESTAMP)


def _latest(tables: Mapping[str, ibis.Table], backend: Backend) -> pd.Timestamp:
    dated = [tables[name] for name in BEHAVIOUR if name in tables and c.TIME in tables[name].columns]
    times = [backend.to_arrow(table.agg(latest=table[c.TIME].max()))["latest"][0].as_py() for table in dated]
    return max((pd.Timestamp(time).as_unit("us") for time in times if time is not None), default=UNDATED)


def _existed(name: str, table: ibis.Table, moment: pd.Timestamp) -> Any:
    times, then = exists_from(name, table), ibis.literal(moment.to_pydatetime(), TIMESTAMP)
    return times <= then if name in BEHAVIOUR else times.isnull() | (times <= then)
