"""How often drift is told where there is none, and where there is: comparisons drawn by the hundred."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.documents import publish, table
from infrastructure.git import code_commit
from infrastructure.workspace import COMPARED, PURCHASES, RECOMMENDATIONS, REQUESTS
from monitoring.answers import LEADING
from monitoring.comparisons import of_each
from monitoring.drift import Drift, compare
from monitoring.reference import REFERENCE_ROWS
from recommender.contract import columns as c
from settings.monitoring import DriftSettings

#: Folders that the figures follow from besides the domain.
_SOURCES: Final = (":/monitoring", ":/feedback", ":/benchmarks")
PAGE: Final = "alarms-of-drift"
COMMAND: Final = "make benchmark-drift-alarms"
_TITLES: Final = (
    "What changed",
    "Rounds",
    "Any column is told to have drifted",
    *(f"Reason: {name}" for name in COMPARED),
)
#: Values of each compared column of the customer, and of the product.
_CUSTOMERS: Final = {"skin_type": 5, "region": 6, "birth_decade": 7}
_PRODUCTS: Final = {"department": 8, "brand": 30, "price_band": 7, "concern": 9}


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the rows of one comparison are drawn.

    Attributes:
        of_customers: Values of each column that is the same in all rows of a customer.
        of_rows: Values of each column that differs from row to row.
        reference: Rows of the reference.
        each: Rows that a purchase or an answer makes.
    """

    of_customers: Mapping[str, int]
    of_rows: Mapping[str, int]
    reference: int
    each: int = 1


_FIRST: Final = DriftSettings().first_answers
DRAWN: Final = {
    PURCHASES: Drawn(_CUSTOMERS, _PRODUCTS, REFERENCE_ROWS),
    REQUESTS: Drawn({**_CUSTOMERS, "asked": 4, "history": 5}, {"k": 3, "profile": 6}, _FIRST),
    # A model says much the same to a customer who comes again.
    RECOMMENDATIONS: Drawn({"score": 10, "popularity": 4}, _PRODUCTS, _FIRST * LEADING, LEADING),
}
_VISITS: Final = 4.0
_FEWER: Final = 5

Shift = Mapping[str, Mapping[str, float]]
_LINE: Final = {"brand": 0.25, "price_band": 0.25, "department": 0.25}
_OTHERS: Final = {"skin_type": 0.25, "birth_decade": 0.25}
#: What is planted: by kind and comparison, the share of rows in which a column takes one value it seldom had.
KINDS: Final[dict[str, Shift]] = {
    "nothing": {},
    "one column (a region is advertised to)": {PURCHASES: {"region": 0.25}, REQUESTS: {"region": 0.25}},
    "customers (others come)": {PURCHASES: _OTHERS, REQUESTS: _OTHERS},
    "tastes (another concern, other departments)": {PURCHASES: {"concern": 0.25, "department": 0.25}},
    "catalogue (a line and its prices change)": {PURCHASES: _LINE, RECOMMENDATIONS: _LINE},
    "requests (an app asks for baskets, with filters)": {REQUESTS: {"asked": 0.25, "profile": 0.25}},
    "features (spoilt, so that all are told the same)": {RECOMMENDATIONS: {"score": 0.25, "popularity": 0.25}},
}


@dataclass(frozen=True, slots=True)
class Alarms:
    """Shares of the rounds of one kind.

    Attributes:
        any_column: In which any column of any comparison drifted.
        fires: By comparison: in which as many of its columns drifted as fire the trigger.
    """

    any_column: float
    fires: dict[str, float]


def measure(shift: Shift, rows: int, rounds: int, settings: DriftSettings, seed: int) -> Alarms:
    """Draw so many rounds, each of ``rows`` recent purchases, and answers, beside what was usual."""
    rng = np.random.default_rng(seed)
    found = [_round(shift, rows, settings, rng) for _ in range(rounds)]
    told = [any(drift.drifted for drift in each.values()) for each in found]
    fires = {name: float(np.mean([each[name].share >= settings.share for each in found])) for name in DRAWN}
    return Alarms(float(np.mean(told)), fires)


def drawn(how: Drawn, shift: Mapping[str, float], rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of so many purchases or answers, of customers who come several times each.

    Their own columns are alike each time; shares of values are uneven.
    """
    customers = rng.geometric(1 / _VISITS, rows)
    owner = np.repeat(np.repeat(np.arange(rows), customers)[:rows], how.each)
    theirs = {
        name: _values(values, rows, shift.get(name, 0.0), rng)[owner] for name, values in how.of_customers.items()
    }
    others = {name: _values(values, len(owner), shift.get(name, 0.0), rng) for name, values in how.of_rows.items()}
    return pd.DataFrame({c.CUSTOMER_ID: owner.astype(str), **theirs, **others})


def _round(shift: Shift, rows: int, settings: DriftSettings, rng: np.random.Generator) -> dict[str, Drift]:
    each, found = of_each(settings), dict[str, Drift]()
    for name, how in DRAWN.items():
        reference = drawn(how, {}, how.reference // how.each, rng)
        found[name] = compare(reference, drawn(how, shift.get(name, {}), rows, rng), each, int(rng.integers(2**31)))
    return found


def told(rows: int, rounds: int, settings: DriftSettings) -> str:
    """Figures of every kind, as Markdown."""
    says = (
        f"Rounds that compare {rows} recent purchases with {REFERENCE_ROWS:,} earlier ones, and {rows} answers with "
        f"the first {_FIRST:,}, of customers who come {_VISITS:g} times on average (commit `{code_commit(*_SOURCES)}`):"
    )
    lines: list[tuple[str, ...]] = []
    for seed, (kind, shift) in enumerate(KINDS.items()):
        # What is seldom needs more of them to be seen than what is nearly always.
        count = rounds // _FEWER if shift else rounds
        found = measure(shift, rows, count, settings, seed)
        lines.append((kind, str(count), f"{found.any_column:.1%}", *(f"{found.fires[name]:.1%}" for name in DRAWN)))
    return f"{says}\n\n{table(_TITLES, lines)}"


def write(rows: int, rounds: int, folder: Path | None) -> None:
    """Measure, and publish the figures in ``folder``."""
    publish(told(rows, rounds, DriftSettings()), PAGE, folder, COMMAND)


def _values(values: int, rows: int, shifted: float, rng: np.random.Generator) -> NDArray[np.str_]:
    """Values of uneven shares, of which some rows take the rarest instead."""
    shares = 1 / np.arange(2, values + 2)
    drawn = rng.choice(values, rows, p=shares / shares.sum())
    return np.where(rng.random(rows) < shifted, values - 1, drawn).astype(str)
