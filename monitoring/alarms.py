"""How often drift is told where there is none, and where there is: comparisons drawn by the hundred."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring import FOLDER
from monitoring.drift import compare
from monitoring.reference import REFERENCE_ROWS
from recommender import columns as c
from recommender.commit import commit
from recommender.config.monitoring import DriftSettings
from recommender.documents import mark, publish, table

COMMAND: Final = "make alarms"
_TITLES: Final = ("What changed", "Comparisons", "Any column is told to have drifted", "The trigger has its reason")
#: Values of each compared column of the customer, and of the product.
_CUSTOMERS: Final = {"skin_type": 5, "region": 6, "birth_decade": 7}
_PRODUCTS: Final = {"department": 8, "brand": 30, "price_band": 7, "concern": 9}
_PURCHASES: Final = 4.0
_FEWER: Final = 5

Shift = Mapping[str, float]
#: What is planted: by kind, the share of rows in which a column takes one value it seldom had.
KINDS: Final[dict[str, Shift]] = {
    "nothing": {},
    "one column (a region is advertised to)": {"region": 0.25},
    "customers (others come)": {"skin_type": 0.25, "birth_decade": 0.25},
    "tastes (another concern, other departments)": {"concern": 0.25, "department": 0.25},
    "catalogue (a line and its prices change)": {"brand": 0.25, "price_band": 0.25, "department": 0.25},
}


@dataclass(frozen=True, slots=True)
class Alarms:
    """Shares of the comparisons of one kind.

    Attributes:
        any_column: In which any column drifted.
        fires: In which as many columns drifted as fire the trigger.
    """

    any_column: float
    fires: float


def measure(shift: Shift, rows: int, comparisons: int, settings: DriftSettings, seed: int) -> Alarms:
    """Compare so many draws of ``rows`` recent purchases with a reference each.

    Customers buy several times, and their own columns are alike each time; shares of values are uneven.
    """
    rng = np.random.default_rng(seed)
    found = [
        compare(purchases({}, REFERENCE_ROWS, rng), purchases(shift, rows, rng), settings, seed).share
        for _ in range(comparisons)
    ]
    fires = [share >= settings.share for share in found]
    return Alarms(float(np.mean([share > 0 for share in found])), float(np.mean(fires)))


def purchases(shift: Shift, rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """So many purchases of customers who buy several times each."""
    customers = rng.geometric(1 / _PURCHASES, rows)
    owner = np.repeat(np.arange(rows), customers)[:rows]
    theirs = {name: _drawn(values, rows, shift.get(name, 0.0), rng)[owner] for name, values in _CUSTOMERS.items()}
    products = {name: _drawn(values, rows, shift.get(name, 0.0), rng) for name, values in _PRODUCTS.items()}
    return pd.DataFrame({c.CUSTOMER_ID: owner.astype(str), **theirs, **products})


def told(rows: int, comparisons: int, settings: DriftSettings) -> str:
    """Figures of every kind, as Markdown."""
    says = (
        f"Comparisons of {rows} recent purchases, by customers who buy {_PURCHASES:g} times on average, with "
        f"{REFERENCE_ROWS:,} earlier ones (commit `{commit(FOLDER)}`):"
    )
    lines: list[tuple[str, ...]] = []
    for seed, (kind, shift) in enumerate(KINDS.items()):
        # What is seldom needs more of them to be seen than what is nearly always.
        count = comparisons // _FEWER if shift else comparisons
        found = measure(shift, rows, count, settings, seed)
        lines.append((kind, str(count), f"{found.any_column:.1%}", f"{found.fires:.1%}"))
    return f"{says}\n\n{table(_TITLES, lines)}"


def write(rows: int, comparisons: int, document: Path | None) -> None:
    """Measure, tell, and write into ``document``."""
    publish(told(rows, comparisons, DriftSettings()), mark("alarms of drift", COMMAND), document)


def _drawn(values: int, rows: int, shifted: float, rng: np.random.Generator) -> NDArray[np.str_]:
    """Values of uneven shares, of which some rows take the rarest instead."""
    shares = 1 / np.arange(2, values + 2)
    drawn = rng.choice(values, rows, p=shares / shares.sum())
    return np.where(rng.random(rows) < shifted, values - 1, drawn).astype(str)
