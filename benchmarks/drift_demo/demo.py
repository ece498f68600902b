"""The drift demonstration: train, serve, weeks without drift, weeks with drift, and the platform's own reaction."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console

from benchmarks.drift_demo.customers import AppCustomers
from benchmarks.drift_demo.services import running_service
from benchmarks.live_shop.shop import LiveShop, Phase, write_source
from infrastructure.errors import RecommenderError
from infrastructure.workspace import Workspace
from monitoring.retrain import Retraining
from monitoring.round_report import round_lines
from monitoring.rounds import MonitoringRound, run_round
from recommender.synthetic.settings import SimulatedDriftSettings, SyntheticSettings
from settings.config import Config

NAME: Final = "drift"
RECORDED: Final = date(2025, 4, 30)
PHASE_DAYS: Final = 14
QUIET: Final = Phase(RECORDED + timedelta(days=1), PHASE_DAYS)
DRIFTED: Final = Phase(QUIET.first + timedelta(days=PHASE_DAYS), PHASE_DAYS)
SETTINGS: Final = SyntheticSettings(
    customers=2000,
    products=500,
    days=500,
    end=RECORDED + timedelta(days=2 * PHASE_DAYS),
    drift=SimulatedDriftSettings(at=DRIFTED.first, strength=2.0),
)
OWN_CONFIG: Final = Path(__file__).with_name("demo.yaml")
SWAP_SECONDS: Final = 60.0

T = TypeVar("T")


class DemoError(RecommenderError):
    """The platform did not react as it should."""


def run_demo(console: Console, config: Path | None) -> None:
    """Run the demonstration in a workspace of its own, which is emptied first; ``config`` replaces its own parameters.

    Raises:
        DemoError: Weeks without drift fired the trigger, weeks with drift did not, or the retraining failed.
    """
    begun = time.monotonic()
    workspace = Workspace.named(NAME)
    shutil.rmtree(workspace.root, ignore_errors=True)
    demo = DriftDemo(console, workspace, config or OWN_CONFIG)
    demo.run()
    demo.say(f"The loop has closed by itself, in {time.monotonic() - begun:.0f} s.", "bold green")


@dataclass(frozen=True)
class DriftDemo:
    """One demonstration, in an empty workspace."""

    console: Console
    workspace: Workspace
    config: Path

    def run(self) -> None:
        """From the first training to the champion that the weeks with drift lead to.

        Raises:
            DemoError: Something went otherwise than it should.
        """
        self.chapter("A synthetic shop is recorded, and a first model trained on it")
        shop = LiveShop(SETTINGS, RECORDED)
        source = write_source(shop.recorded, NAME, self.workspace.root / "source")
        retraining = Retraining(source, self.config, self.workspace)
        self._train(retraining)
        options = ["--source", str(source), "--config", str(self.config)]
        self.chapter("The endpoint and the collector of events are started")
        with (
            running_service("serve", options, self.workspace.runs / "serving.log", "/v2/health/ready") as endpoint,
            running_service("collect", options, self.workspace.runs / "collector.log", "/health/ready") as collector,
        ):
            self.say(f"recommendations at {endpoint}, events to {collector}")
            self._simulate_traffic(AppCustomers(shop, endpoint, collector), retraining)
        self._tell_paths()

    def _simulate_traffic(self, customers: AppCustomers, retraining: Retraining) -> None:
        """Quiet weeks, changed weeks, and the answers after them."""
        self.chapter("Two quiet weeks")
        quiet = self._weeks(customers, QUIET, retraining)
        _expect(not quiet.decision.retrain, "The trigger fired in quiet weeks.", quiet)
        shutil.copyfile(self.workspace.drift.with_suffix(".html"), self.workspace.reports / "drift-quiet.html")
        self.chapter("What customers need changes, and two weeks go by")
        changed = self._weeks(customers, DRIFTED, retraining)
        _expect(changed.decision.retrain, "The trigger stayed quiet though needs have changed.", changed)
        _expect(changed.outcome != "failed", "The retraining failed.", changed)
        self._await_champion(customers)

    def _train(self, retraining: Retraining) -> None:
        outcome, details = self._while("the pipeline runs", retraining.run_locally)
        if outcome != "promoted":
            raise DemoError(f"The first training was {outcome}: {details}", where=str(self.workspace.runs))
        self.say(f"champion {details['champion']} (run {details['run_id']})")

    def _weeks(self, customers: AppCustomers, phase: Phase, retraining: Retraining) -> MonitoringRound:
        """Simulate the customers of a phase, then run one round of monitoring, as the schedule would."""
        sent = self._while("customers come and go", lambda: customers.simulate_phase(phase))
        self.say(f"{sent.answers} recommendations given by {', '.join(sent.versions)}")
        self.say(f"{sent.accepted} events accepted, {sent.rejected} rejected as invalid")
        config = Config.load(self.config)
        monitoring_round = self._while(
            "a round of monitoring", lambda: run_round(self.workspace, config, retraining.run_locally)
        )
        for line in round_lines(monitoring_round):
            self.say(line)
        return monitoring_round

    def _await_champion(self, customers: AppCustomers) -> None:
        """Wait until the endpoint answers with the present champion, without a restart.

        Raises:
            DemoError: It still answers with another model after a minute.
        """
        champion = (self.workspace.champion() or {})["version"]
        deadline = time.monotonic() + SWAP_SECONDS
        while (served := customers.served_version()) != champion:
            if time.monotonic() > deadline:
                raise DemoError(f"The endpoint answers with {served} instead of the champion {champion}.")
            time.sleep(0.5)
        self.say(f"the endpoint, never restarted, answers with champion {champion}")

    def _tell_paths(self) -> None:
        self.chapter("Where to look")
        reports = self.workspace.reports
        self.say(f"drift in quiet weeks      {reports / 'drift-quiet.html'}")
        self.say(f"drift in changed weeks    {self.workspace.drift.with_suffix('.html')}")
        self.say(f"clicks and conversion     {reports / 'performance.json'}")
        self.say(f"decisions and outcomes    {self.workspace.triggers}")
        self.say(f"runs of the pipeline      {self.workspace.runs}")

    def chapter(self, title: str) -> None:
        """Print the heading of a part."""
        self.console.print(f"\n{title}", style="bold", highlight=False, soft_wrap=True)

    def say(self, text: str, style: str | None = None) -> None:
        """Print one line."""
        self.console.print(f"  {text}", style=style, markup=False, highlight=False, soft_wrap=True)

    def _while(self, what: str, work: Callable[[], T]) -> T:
        """Do ``work`` while a terminal shows a status."""
        with self.console.status(f"{what} ..."):
            return work()


def _expect(condition: bool, problem: str, monitoring_round: MonitoringRound) -> None:
    if not condition:
        raise DemoError("\n".join([problem, *round_lines(monitoring_round)]), where=str(monitoring_round.record))
