"""A synthetic shop that is recorded until a day and simulated live from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from benchmarks.live_shop.behaviour import Traffic
from infrastructure.files import replace_folder
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.data.raw_tables import storable
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate


@dataclass(frozen=True)
class Phase:
    """A stretch of days."""

    first: date
    days: int

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.start + timedelta(days=self.days)

    def holds(self, times: pd.Series) -> pd.Series:
        """Which of these times lie in it."""
        return times.between(self.start, self.end, inclusive="left")


class LiveShop:
    """One run of the simulation, cut in two: what the platform is trained on, and what then happens.

    Args:
        settings: Of the whole run.
        recorded: Last day of the first part; the second ends where the run does.
    """

    def __init__(self, settings: SyntheticSettings, recorded: date) -> None:
        self._tables = {name: storable(name, table) for name, table in generate(settings).items()}
        self._settings = settings
        first = recorded + timedelta(days=1)
        self._live = Phase(first, (settings.end - recorded).days)

    @cached_property
    def traffic(self) -> Traffic:
        """The same customers, who respond to recommendations."""
        return Traffic(self._settings, newcomers=0)

    @property
    def recorded(self) -> dict[str, pd.DataFrame]:
        """The tables of the first part; customers and products are those of the whole run.

        Rows whose time nobody can read are among them.
        """
        return {name: self._recorded(table) for name, table in self._tables.items()}

    def events(self, phase: Phase) -> list[dict[str, Any]]:
        """What customers do in a phase without any recommendation, as an app sends it, by time."""
        events = [self._tables[c.EVENTS], _as_purchases(self._tables[c.TRANSACTIONS])]
        rows = pd.concat(events, ignore_index=True)
        times = _times(rows)
        live = rows.assign(_when=times)[phase.holds(times)].sort_values("_when", kind="stable").drop(columns="_when")
        # Each without the fields it does not have.
        return [{str(k): v for k, v in row.items() if pd.notna(v)} for row in live.to_dict("records")]

    def _recorded(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[~self._live.holds(_times(table))] if c.TIME in table else table


def write_source(tables: Mapping[str, pd.DataFrame], name: str, folder: Path) -> Path:
    """Write tables as a data set of files; returns its YAML file. The folder appears whole or not at all."""
    with replace_folder(folder) as partial:
        for table, rows in tables.items():
            rows.to_parquet(partial / f"{table}.parquet", index=False)
        described = {
            table: {"file": f"{table}.parquet", "columns": {column: column for column in rows}}
            for table, rows in tables.items()
        }
        (partial / "source.yaml").write_text(yaml.safe_dump({"name": name, "tables": described}, sort_keys=False))
    return folder / "source.yaml"


def _times(table: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(table[c.TIME], utc=True, errors="coerce", format="ISO8601")


def _as_purchases(transactions: pd.DataFrame) -> pd.DataFrame:
    bought = transactions[transactions[c.QUANTITY] > 0]  # an app does not send what comes back
    purchases = bought[[c.TRANSACTION_ID, c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]]
    return purchases.rename(columns={c.TRANSACTION_ID: c.EVENT_ID}).assign(**{c.TYPE: event_types.PURCHASE})
