"""The shop in the simulated year: its exports, its visitors and their events."""

from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

from benchmarks.live_shop.behaviour import Session, Traffic
from benchmarks.live_shop.shop import LiveShop, write_source
from benchmarks.simulated_year.faults import bad_events, cut_off, shifted
from benchmarks.simulated_year.plan import BAD_EVENTS, YearPlan, fault_of
from recommender.contract import columns as c
from recommender.data.raw_tables import storable
from recommender.synthetic.shop import records_on

NAME: Final = "simulation"


class SimulatedShop:
    """The shop, which is the same under every retraining policy."""

    def __init__(self, plan: YearPlan) -> None:
        self.plan = plan
        self._shop = LiveShop(plan.settings, plan.recorded)

    @property
    def traffic(self) -> Traffic:
        """The customers, who respond to recommendations."""
        return self._shop.traffic

    def sessions(self, week: int) -> list[Session]:
        """The visits with recommendations in a week."""
        phase = self.plan.week(week)
        return self.traffic.sessions(phase.start, self.plan.visits, phase.days)

    def events(self, week: int) -> list[dict[str, Any]]:
        """The other events that reach the collector in a week."""
        phase = self.plan.week(week)
        bad = bad_events(phase, self.traffic.product_ids) if BAD_EVENTS.lasts(week) else ()
        return [*chain(self._shop.events(phase), bad)]

    def export(self, folder: Path, week: int) -> Path:
        """Write the shop's data set as it is after a week (-1: before the first), and return its YAML file.

        Events since the first week are not in it: they are in the log.
        """
        today, fault = self.plan.week(week + 1).first, fault_of(week)
        now = {name: storable(name, table) for name, table in records_on(self.plan.settings, today).items()}
        tables = {**now, **self._done}
        source = write_source(shifted(tables, week) if fault == "shifted" else tables, NAME, folder)
        if fault == "cut off":
            cut_off(folder / f"{c.PRODUCTS}.parquet")
        return source

    @cached_property
    def _done(self) -> dict[str, Any]:
        """The tables of customers' actions before the first week."""
        return {name: table for name, table in self._shop.recorded.items() if c.TIME in table}
