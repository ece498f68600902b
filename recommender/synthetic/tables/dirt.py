"""Planted errors, as they occur in real data, at known rows, so that cleaning can be measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR
from recommender.synthetic.settings import DirtSettings, SyntheticSettings
from recommender.synthetic.simulation import random_stream

PLANTED: Final = "planted"
"""Column that names a row's defect while the tables are made; it is not part of the raw tables."""

# What cleaning should do with a row that has a defect.
REJECT, MEND, KEEP = "reject", "mend", "keep"

UNREADABLE_TIMES: Final = ("31/02/2025", "yesterday", "2025-13-01T10:00:00Z", "0000-00-00", "12h30", "n/a?")
MISSPELLED_SKIN_TYPES: Final = ("drry", "olly", "combinaton", "norml", "sensitve", "oily/dry??")
LATEST_DELAY = 0.2  # a late row arrives up to this share of its table later

Rows = NDArray[np.int64]
Spoil = Callable[["pd.Series[Any]", np.random.Generator], Any]
"""Makes wrong cells from right ones."""


@dataclass(frozen=True)
class Defect:
    """One kind of error.

    Attributes:
        name: Field of :class:`DirtSettings` with its share; its name in the table of planted defects.
        tables: Where it occurs.
        outcome: What cleaning should do: ``REJECT`` the row, ``MEND`` (or empty) the cell, ``KEEP`` the row.
        column: The column that it spoils; None where the place of the row is wrong.
        spoil: How.
    """

    name: str
    tables: tuple[str, ...]
    outcome: str
    column: str | None = None
    spoil: Spoil | None = None

    def plant(self, table: pd.DataFrame, rows: Rows, rng: np.random.Generator) -> None:
        """Spoil ``rows`` (numbers from 0) of ``table`` in place, and mark them."""
        if self.spoil is not None:
            table.loc[rows, self.column] = self.spoil(table.loc[rows, self.column], rng)
        table.loc[rows, PLANTED] = self.name


def _any_of(*wrong: object) -> Spoil:
    return lambda right, rng: [wrong[i] for i in rng.integers(len(wrong), size=len(right))]


def _times(factor: float) -> Spoil:
    return lambda right, rng: (right * factor).round(2)  # noqa: ARG005


def _future(right: "pd.Series[Any]", rng: np.random.Generator) -> list[str]:
    """Decades ahead, whatever today is."""
    years = rng.integers(2090, 2100, len(right)).tolist()
    return [f"{year}{time[4:].replace('-02-29', '-02-28')}" for year, time in zip(years, right, strict=True)]


def _offset(right: "pd.Series[Any]", rng: np.random.Generator) -> "pd.Series[Any]":  # noqa: ARG001
    """The same moment by the clock of Central European Summer Time."""
    local = pd.to_datetime(right, utc=True) + pd.Timedelta(hours=2)
    return local.dt.strftime("%Y-%m-%dT%H:%M:%S+02:00")


DEFECTS: Final = (
    Defect("duplicates", c.TABLES, REJECT),
    Defect("late", BEHAVIOUR, KEEP),
    Defect("offset_times", BEHAVIOUR, KEEP, c.TIME, _offset),
    Defect("bad_times", BEHAVIOUR, REJECT, c.TIME, _any_of(*UNREADABLE_TIMES)),
    Defect("future_times", BEHAVIOUR, REJECT, c.TIME, _future),
    Defect("cents", (c.TRANSACTIONS,), MEND, c.UNIT_PRICE, _times(100)),
    Defect("negative_prices", (c.TRANSACTIONS,), REJECT, c.UNIT_PRICE, _times(-0.1)),
    Defect("bad_quantities", (c.TRANSACTIONS,), REJECT, c.QUANTITY, _any_of(0, 100_000)),
    Defect("unknown_products", (c.TRANSACTIONS, c.RATINGS), REJECT, c.PRODUCT_ID, _any_of("p-gone", "p?", "test")),
    Defect("unknown_customers", BEHAVIOUR, REJECT, c.CUSTOMER_ID, _any_of("guest", "c-deleted", "0")),
    Defect("bad_ratings", (c.RATINGS,), REJECT, c.RATING, _any_of(0.0, 6.0, 50.0)),
    Defect("unknown_types", (c.EVENTS,), REJECT, c.TYPE, _any_of("hover", "scroll", "heartbeat")),
    Defect("misspelled_skin_types", (c.CUSTOMERS,), MEND, c.SKIN_TYPE, _any_of(*MISSPELLED_SKIN_TYPES)),
    Defect("returns", (c.TRANSACTIONS,), REJECT),
)
BOTS: Final = "bots"
OUTCOMES: Final = {defect.name: defect.outcome for defect in DEFECTS} | {BOTS: REJECT}


def plant_dirt(name: str, table: pd.DataFrame, settings: SyntheticSettings) -> pd.DataFrame:
    """``table`` with all defects that occur in it, each in other rows.

    Returns:
        The rows in the order in which they arrived, with the column ``PLANTED``: the name of the row's
        defect, or "" where it has none.
    """
    rng = random_stream(settings.seed, "dirt", name)
    dirty = table.assign(**{PLANTED: table.get(PLANTED, "")})
    free = rng.permutation(np.flatnonzero(dirty[PLANTED] == ""))
    arrival = np.arange(len(dirty), dtype=np.float64)
    for defect in DEFECTS:
        if name not in defect.tables:
            continue
        rows, free = _take(free, defect.name, dirty, settings.dirt)
        defect.plant(dirty, rows, rng)
        if defect.name == "late":
            arrival[rows] += rng.random(len(rows)) * len(dirty) * LATEST_DELAY
    if name == c.TRANSACTIONS:
        dirty, arrival = _bring_back(dirty, arrival, random_stream(settings.seed, "returns"))
    sent = _send_twice(dirty, arrival, rng)
    return sent.sort_values("arrival", kind="stable").drop(columns="arrival").reset_index(drop=True)


def _take(free: Rows, defect: str, table: pd.DataFrame, dirt: DirtSettings) -> tuple[Rows, Rows]:
    """The rows that get a defect, and those that are left for others."""
    count = round(getattr(dirt, defect) * len(table))
    if defect == "returns":  # each has two rows: the purchase, and the line that brings it back
        count = round(count / 2)
    if defect == "misspelled_skin_types":  # only what is written can be misspelled
        written = table[c.SKIN_TYPE].notna().to_numpy()[free]
        free = np.concatenate([free[written], free[~written]])
        count = min(count, int(written.sum()))
    return free[:count], free[count:]


def _bring_back(
    dirty: pd.DataFrame, arrival: NDArray[np.float64], rng: np.random.Generator
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Add a line with negative pieces, hours later, for each purchase that comes back; every other one names it."""
    chosen = (dirty[PLANTED] == "returns").to_numpy()
    times = pd.to_datetime(dirty.loc[chosen, c.TIME], utc=True, format="ISO8601")
    later = times + pd.to_timedelta(rng.integers(1, 20, len(times)), unit="h")
    ids = dirty.loc[chosen, c.TRANSACTION_ID]
    lines = dirty[chosen].assign(
        **{
            c.TRANSACTION_ID: [f"r{at:06d}" if at % 2 else own for at, own in enumerate(ids)],
            c.QUANTITY: -dirty.loc[chosen, c.QUANTITY],
            c.TIME: later.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )
    arrived = arrival[chosen] + rng.integers(1, 50, len(lines)) + 0.25
    return pd.concat([dirty, lines], ignore_index=True), np.concatenate([arrival, arrived])


def _send_twice(dirty: pd.DataFrame, arrival: NDArray[np.float64], rng: np.random.Generator) -> pd.DataFrame:
    """Add the second copies of the rows chosen as duplicates; the first copies have no defect."""
    chosen = (dirty[PLANTED] == "duplicates").to_numpy()
    copies = dirty[chosen]
    dirty.loc[chosen, PLANTED] = ""
    delay = rng.integers(1, 50, len(copies)) + 0.5
    return pd.concat([dirty, copies]).assign(arrival=np.concatenate([arrival, arrival[chosen] + delay]))
