"""The shop through the simulated year: its exports, its visitors and everything that they send."""

from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

from benchmarks.live_shop.behaviour import Session, Traffic
from benchmarks.live_shop.shop import Shop, write_source
from benchmarks.simulated_year.faults import bad_events, cut_off, shifted
from benchmarks.simulated_year.plan import BAD_EVENTS, Plan, fault_of
from recommender.contract import columns as c
from recommender.data.raw_tables import storable
from recommender.synthetic.shop import records_on

NAME: Final = "simulation"


class World:
    """What is the same whoever decides about retraining."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._shop = Shop(plan.settings, plan.recorded)

    @property
    def traffic(self) -> Traffic:
        """The customers, answering recommendations."""
        return self._shop.traffic

    def sessions(self, week: int) -> list[Session]:
        """The visits with recommendations in a week."""
        phase = self.plan.week(week)
        return self.traffic.sessions(phase.start, self.plan.visits, phase.days)

    def events(self, week: int) -> list[dict[str, Any]]:
        """What else reaches the collector in a week."""
        phase = self.plan.week(week)
        bad = bad_events(phase, self.traffic.product_ids) if BAD_EVENTS.lasts(week) else ()
        return [*chain(self._shop.events(phase), bad)]

    def export(self, folder: Path, week: int) -> Path:
        """Write the shop's data set as it is after a week (-1: before the first), and return its YAML file.

        What customers did live is not in it: that is in the log.
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
        """What customers did before the first week."""
        return {name: table for name, table in self._shop.recorded.items() if c.TIME in table}
