"""The demonstration's shop: recorded until a day, and played live from then on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from recommender import columns as c
from recommender.data.raw import storable
from recommender.files import whole_folder
from recommender.synthetic.behaviour import Traffic
from recommender.synthetic.settings import DriftSettings, SyntheticSettings
from recommender.synthetic.shop import generate

NAME: Final = "drift"
RECORDED: Final = date(2025, 4, 30)
PHASE_DAYS: Final = 14
SETTINGS: Final = SyntheticSettings(
    customers=2000,
    products=500,
    days=500,
    end=RECORDED + timedelta(days=2 * PHASE_DAYS),
    drift=DriftSettings(at=RECORDED + timedelta(days=1 + PHASE_DAYS), strength=2.0),
)

_TIMED: Final = (c.TRANSACTIONS, c.RATINGS, c.EVENTS)


@dataclass(frozen=True)
class Phase:
    """A stretch of live days."""

    first: date
    days: int = PHASE_DAYS

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    def holds(self, times: pd.Series) -> pd.Series:
        """Which of these times lie in it."""
        return times.between(self.start, self.start + timedelta(days=self.days), inclusive="left")


QUIET: Final = Phase(RECORDED + timedelta(days=1))
DRIFTED: Final = Phase(RECORDED + timedelta(days=1 + PHASE_DAYS))


class Shop:
    """One run of the simulation, cut in two: what the platform is trained on, and what then happens."""

    def __init__(self, settings: SyntheticSettings = SETTINGS) -> None:
        self._tables = {name: storable(name, table) for name, table in generate(settings).items()}
        self._settings = settings

    @cached_property
    def traffic(self) -> Traffic:
        """The same customers, answering recommendations."""
        return Traffic(self._settings, newcomers=0)

    def write_source(self, folder: Path) -> Path:
        """Write everything recorded before the live phases as a data set of files; returns its YAML file.

        The folder appears whole or not at all. Customers and products are those of the whole simulation.
        """
        with whole_folder(folder) as partial:
            for name, table in self._tables.items():
                self._recorded(name, table).to_parquet(partial / f"{name}.parquet", index=False)
            tables = {name: _described(name, table) for name, table in self._tables.items()}
            (partial / "source.yaml").write_text(yaml.safe_dump({"name": NAME, "tables": tables}, sort_keys=False))
        return folder / "source.yaml"

    def events(self, phase: Phase) -> list[dict[str, Any]]:
        """What customers do in a phase without any recommendation, as an app sends it, by time."""
        told = [self._tables[c.EVENTS], _as_purchases(self._tables[c.TRANSACTIONS])]
        rows = pd.concat(told, ignore_index=True)
        times = _times(rows)
        live = rows.assign(_when=times)[phase.holds(times)].sort_values("_when", kind="stable").drop(columns="_when")
        return list(_without_gaps(live))

    def _recorded(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """The rows that are not part of a live phase; rows whose time nobody can read are among them."""
        if name not in _TIMED:
            return table
        times = _times(table)
        return table[~(QUIET.holds(times) | DRIFTED.holds(times))]


def _described(name: str, table: pd.DataFrame) -> dict[str, Any]:
    return {"file": f"{name}.parquet", "columns": {column: column for column in table}}


def _times(table: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(table[c.TIME], utc=True, errors="coerce", format="ISO8601")


def _as_purchases(transactions: pd.DataFrame) -> pd.DataFrame:
    told = transactions[[c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]]
    return told.rename(columns={c.TRANSACTION_ID: c.EVENT_ID}).assign(**{c.TYPE: c.PURCHASE})


def _without_gaps(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each row without the fields it does not have."""
    for row in rows.to_dict("records"):
        yield {str(name): value for name, value in row.items() if pd.notna(value)}
