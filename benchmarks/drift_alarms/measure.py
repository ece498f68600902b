"""False alarms and detection rates of drift monitoring, in rounds of simulated data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.documents import code_commit, publish, table
from infrastructure.workspace import COMPARED, PURCHASES, RECOMMENDATIONS, REQUESTS
from monitoring.answer_frames import LEADING
from monitoring.comparisons import settings_per_comparison
from monitoring.drift import Drift, measure_drift
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
class SampleDesign:
    """How the rows of one comparison are drawn.

    Attributes:
        customer_columns: Number of values of each column that is the same in all rows of a customer.
        row_columns: Number of values of each column that differs from row to row.
        reference: Rows of the reference.
        repeats: Rows of one purchase or answer.
    """

    customer_columns: Mapping[str, int]
    row_columns: Mapping[str, int]
    reference: int
    repeats: int = 1


_FIRST: Final = DriftSettings().first_answers
DESIGNS: Final = {
    PURCHASES: SampleDesign(_CUSTOMERS, _PRODUCTS, REFERENCE_ROWS),
    REQUESTS: SampleDesign({**_CUSTOMERS, "asked": 4, "history": 5}, {"k": 3, "profile": 6}, _FIRST),
    # A model says much the same to a customer who comes again.
    RECOMMENDATIONS: SampleDesign({"score": 10, "popularity": 4}, _PRODUCTS, _FIRST * LEADING, LEADING),
}
_VISITS: Final = 4.0
_FEWER: Final = 5

Shift = Mapping[str, Mapping[str, float]]
_LINE: Final = {"brand": 0.25, "price_band": 0.25, "department": 0.25}
_OTHERS: Final = {"skin_type": 0.25, "birth_decade": 0.25}
#: Planted drift: by kind and comparison, the share of rows in which a column takes one value that was rare.
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
class AlarmRates:
    """Shares of the rounds with any drifted column, and by comparison with enough of them to fire the trigger."""

    any_column: float
    fires: dict[str, float]


def measure_alarms(shift: Shift, rows: int, rounds: int, settings: DriftSettings, seed: int) -> AlarmRates:
    """Draw ``rounds`` rounds, each of ``rows`` recent purchases and answers, beside their references."""
    rng = np.random.default_rng(seed)
    drawn = [_round(shift, rows, settings, rng) for _ in range(rounds)]
    any_column = [any(drift.drifted for drift in drifts.values()) for drifts in drawn]
    fires = {name: float(np.mean([drifts[name].share >= settings.share for drifts in drawn])) for name in DESIGNS}
    return AlarmRates(float(np.mean(any_column)), fires)


def draw_sample(design: SampleDesign, shift: Mapping[str, float], rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of this many purchases or answers, of customers who come several times each.

    A customer's own columns are the same each time; values have uneven shares.
    """
    customers = rng.geometric(1 / _VISITS, rows)
    owner = np.repeat(np.repeat(np.arange(rows), customers)[:rows], design.repeats)
    of_customers = {
        name: _values(values, rows, shift.get(name, 0.0), rng)[owner]
        for name, values in design.customer_columns.items()
    }
    of_rows = {
        name: _values(values, len(owner), shift.get(name, 0.0), rng) for name, values in design.row_columns.items()
    }
    return pd.DataFrame({c.CUSTOMER_ID: owner.astype(str), **of_customers, **of_rows})


def _round(shift: Shift, rows: int, settings: DriftSettings, rng: np.random.Generator) -> dict[str, Drift]:
    shared, drifts = settings_per_comparison(settings), dict[str, Drift]()
    for name, design in DESIGNS.items():
        reference = draw_sample(design, {}, design.reference // design.repeats, rng)
        current = draw_sample(design, shift.get(name, {}), rows, rng)
        drifts[name] = measure_drift(reference, current, shared, int(rng.integers(2**31)))
    return drifts


def alarm_figures(rows: int, rounds: int, settings: DriftSettings) -> str:
    """The rates of every kind, as Markdown."""
    says = (
        f"Rounds that compare {rows} recent purchases with {REFERENCE_ROWS:,} earlier ones, and {rows} answers with "
        f"the first {_FIRST:,}, of customers who come {_VISITS:g} times on average (commit `{code_commit(*_SOURCES)}`):"
    )
    lines: list[tuple[str, ...]] = []
    for seed, (kind, shift) in enumerate(KINDS.items()):
        # Rare false alarms need more rounds to be measured than frequent detections.
        count = rounds // _FEWER if shift else rounds
        rates = measure_alarms(shift, rows, count, settings, seed)
        lines.append((kind, str(count), f"{rates.any_column:.1%}", *(f"{rates.fires[name]:.1%}" for name in DESIGNS)))
    return f"{says}\n\n{table(_TITLES, lines)}"


def publish_alarms(rows: int, rounds: int, folder: Path | None) -> None:
    """Measure the rates, and publish the figures in ``folder``."""
    publish(alarm_figures(rows, rounds, DriftSettings()), PAGE, folder, COMMAND)


def _values(values: int, rows: int, shifted: float, rng: np.random.Generator) -> NDArray[np.str_]:
    """Values of uneven shares; a share ``shifted`` of the rows takes the rarest one instead."""
    shares = 1 / np.arange(2, values + 2)
    drawn = rng.choice(values, rows, p=shares / shares.sum())
    return np.where(rng.random(rows) < shifted, values - 1, drawn).astype(str)
