"""Facts about the whole data set that cleaning rules need: known ids, usual prices, bots, the present time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

import ibis
import numpy as np
from numpy.typing import NDArray

from recommender.config.preparation import CleaningSettings
from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR
from recommender.data.engines.backend import ROW, Backend

KNOWN_PRODUCT: Final = "_known_product"
"""Whether the products table has the row's product id."""
KNOWN_CUSTOMER: Final = "_known_customer"
"""Whether the customers table has the row's customer id, where that matters."""
USUAL_PRICE: Final = "_usual_price"
"""The median price at which the row's product sold, or its catalogue price where it sold too rarely."""
BOT: Final = "_bot"
"""Whether the row's customer does more in a day than a person can."""

_ENOUGH_SALES: Final = 3
_MAD_TO_DEVIATION: Final = 1.4826
"""Median absolute deviation times this is the standard deviation, where values are normal."""

_ID: Final = "_id"


@dataclass(frozen=True)
class ShopFacts:
    """Facts about a data set, from all typed tables before any row is rejected.

    Attributes:
        latest: A time after it lies in the future.
        price_bounds: Lowest and highest believable catalogue price.
        about: Facts about ids: by column of the fact, the column of the ids and a relation with each id (``_id``) once
            and its fact.
    """

    settings: CleaningSettings
    latest: datetime
    price_bounds: tuple[float, float]
    about: dict[str, tuple[str, ibis.Table]]

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, ibis.Table], settings: CleaningSettings, backend: Backend, now: datetime | None = None
    ) -> Self:
        """Collect the facts of all tables; ``now`` is the clock's time unless given."""
        products = backend.materialise(_first_rows(tables[c.PRODUCTS]))
        about = {
            KNOWN_PRODUCT: (c.PRODUCT_ID, _marked(products, c.PRODUCT_ID, KNOWN_PRODUCT)),
            BOT: (c.CUSTOMER_ID, backend.materialise(_bots(tables, settings.bot_rows_per_day))),
            USUAL_PRICE: (c.PRODUCT_ID, backend.materialise(_usual_prices(products, tables.get(c.TRANSACTIONS)))),
        }
        if c.CUSTOMERS in tables and settings.unknown_customers != "keep":
            about[KNOWN_CUSTOMER] = (c.CUSTOMER_ID, _marked(tables[c.CUSTOMERS], c.CUSTOMER_ID, KNOWN_CUSTOMER))
        return cls(
            settings=settings,
            latest=(now or datetime.now(UTC)) + timedelta(hours=settings.future_tolerance_hours),
            price_bounds=_price_bounds(_prices(tables[c.PRODUCTS], backend), settings.price_deviations),
            about=about,
        )

    def without_dropped(self, table: str, clean: ibis.Table, backend: Backend) -> Self:
        """The facts for tables that are cleaned later: ids that are not in the ``clean`` rows of ``table`` are unknown.

        Only where the configuration drops rows with missing values: then a product or customer may have been dropped.
        """
        mark = {c.PRODUCTS: KNOWN_PRODUCT, c.CUSTOMERS: KNOWN_CUSTOMER}.get(table)
        if mark not in self.about or not self.settings.missing.dropping(table):
            return self
        column = self.about[mark][0]
        return replace(self, about=self.about | {mark: (column, backend.materialise(_marked(clean, column, mark)))})

    def with_facts(self, rows: ibis.Table, wanted: Collection[str]) -> ibis.Table:
        """``rows`` with the ``wanted`` columns of facts; missing where nothing is known of the id."""
        for fact, (column, known) in self.about.items():
            if fact in wanted and column in rows.columns:
                rows = rows.left_join(known, rows[column] == known[_ID]).drop(_ID)
        return rows


def _first_rows(products: ibis.Table) -> ibis.Table:
    """The first row of each product."""
    named = products.filter(products[c.PRODUCT_ID].notnull())
    return products.semi_join(named.group_by(c.PRODUCT_ID).agg(**{ROW: named[ROW].min()}), ROW)


def _marked(rows: ibis.Table, column: str, mark: str) -> ibis.Table:
    ids = rows.filter(rows[column].notnull()).select(**{_ID: rows[column]}).distinct()
    return ids.mutate(**{mark: ibis.literal(value=True)})


def _prices(products: ibis.Table, backend: Backend) -> NDArray[np.float64]:
    """The positive catalogue prices, sorted."""
    if c.PRICE not in products.columns:
        return np.empty(0)
    return np.sort(backend.to_arrow(products.filter(products[c.PRICE] > 0).select(c.PRICE))[c.PRICE].to_numpy())


def _usual_prices(products: ibis.Table, sales: ibis.Table | None) -> ibis.Table:
    price: Any = products[c.PRICE] if c.PRICE in products.columns else ibis.null("float64")
    catalogue = products.select(
        **{_ID: products[c.PRODUCT_ID], USUAL_PRICE: ibis.ifelse(price > 0, price, ibis.null())}
    )
    if sales is None or c.UNIT_PRICE not in sales.columns:
        return catalogue
    paid = sales.filter((sales[c.UNIT_PRICE] > 0) & sales[c.PRODUCT_ID].notnull())
    by_product = paid.group_by(c.PRODUCT_ID).agg(median=paid[c.UNIT_PRICE].median(), sales=paid.count())
    often = by_product.filter(by_product.sales >= _ENOUGH_SALES)
    both = catalogue.left_join(often, catalogue[_ID] == often[c.PRODUCT_ID])
    return both.select(**{_ID: both[_ID], USUAL_PRICE: ibis.coalesce(both.median, both[USUAL_PRICE])})


def _price_bounds(prices: NDArray[np.float64], deviations: float) -> tuple[float, float]:
    """The median plus and minus so many robust standard deviations of the logarithm; no bounds for equal prices."""
    if not len(prices):
        return 0.0, np.inf
    logs = np.log(prices)
    middle = np.median(logs)
    spread = deviations * _MAD_TO_DEVIATION * np.median(np.abs(logs - middle))
    return (float(np.exp(middle - spread)), float(np.exp(middle + spread))) if spread > 0 else (0.0, np.inf)


def _bots(tables: Mapping[str, ibis.Table], rows_per_day: int) -> ibis.Table:
    """Customers with at least that many rows of one table on one day."""
    dated = [tables[name] for name in BEHAVIOUR if name in tables and c.TIME in tables[name].columns]
    found = [_customers_with_many_rows(rows, rows_per_day) for rows in dated] or [
        tables[c.PRODUCTS].select(**{_ID: c.PRODUCT_ID}).limit(0)
    ]
    together = ibis.union(*found, distinct=True) if len(found) > 1 else found[0].distinct()
    return together.mutate(**{BOT: ibis.literal(value=True)})


def _customers_with_many_rows(rows: ibis.Table, rows_per_day: int) -> ibis.Table:
    known = rows.filter(rows[c.TIME].notnull() & rows[c.CUSTOMER_ID].notnull())
    a_day = known.group_by(**{_ID: known[c.CUSTOMER_ID], "day": known[c.TIME].date()}).agg(rows=known.count())
    return a_day.filter(a_day.rows >= rows_per_day).select(_ID)
