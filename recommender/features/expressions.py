"""Expressions that several features use: exact sums, ordered lists, thirds, days."""

from typing import Any, Final

import ibis

from infrastructure import SECONDS_A_DAY
from recommender.data.engines.backend import Backend
from recommender.features.definitions import PRICE_TIERS

_EXACT: Final = "decimal(38, 9)"


def exact_sum(amounts: Any) -> Any:
    """The sum to nine decimals, in whatever order an engine adds: sums of floats would differ in the last digits."""
    return amounts.cast(_EXACT).sum().cast("float64")


def exact_mean(amounts: Any) -> Any:
    """The mean of the known values, as exact as :func:`exact_sum`."""
    return exact_sum(amounts) / amounts.count().nullif(0)


def in_order(order: Any, values: Any) -> Any:
    """The values of a group as a list, in the order of ``order`` (never missing)."""
    pairs = ibis.struct({"order": order, "value": values}).collect().sort()
    return pairs.map(lambda pair: pair["value"])


def seconds(times: Any) -> Any:
    """Whole seconds since 1970."""
    return times.epoch_seconds().cast("int64")


def day_number(times: Any) -> Any:
    """Days since 1970, as a whole number."""
    return (seconds(times) / SECONDS_A_DAY).floor().cast("int64")


def days_between(later: Any, earlier: Any) -> Any:
    """Days, with their fraction to the millisecond."""
    return (_milliseconds(later) - _milliseconds(earlier)) / (SECONDS_A_DAY * 1000)


def third_of(rows: ibis.Table, column: str, backend: Backend) -> Any:
    """The third of the known amounts in a column that each amount is in; missing where the amount is."""
    amounts = rows[column].cast("float64")
    bounds = backend.to_arrow(rows.agg(first=amounts.quantile(1 / 3), second=amounts.quantile(2 / 3)))
    first, second = (bounds[name][0].as_py() for name in ("first", "second"))
    low, middle, high = PRICE_TIERS
    if first is None:
        return ibis.null("string")
    return ibis.cases((amounts.isnull(), None), (amounts > second, high), (amounts > first, middle), else_=low)


def _milliseconds(times: Any) -> Any:
    # Without its time zone, as engines differ on parts of a time with one; all times are UTC.
    return seconds(times) * 1000 + times.cast("timestamp(6)").millisecond().cast("int64")
