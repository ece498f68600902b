"""The demonstration: train, serve, quiet weeks, changed weeks, and what the platform makes of them by itself."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console

from benchmarks.drift_demo.customers import Customers
from benchmarks.drift_demo.services import collecting, serving
from benchmarks.drift_demo.shop import DRIFTED, NAME, QUIET, RECORDED, SETTINGS
from benchmarks.live_shop.shop import Phase, Shop, write_source
from infrastructure.errors import RecommenderError
from infrastructure.workspace import Workspace
from monitoring.retrain import Retraining
from monitoring.round_summary import lines
from monitoring.rounds import Round, run_round
from settings.config import Config

OWN_CONFIG: Final = Path(__file__).with_name("demo.yaml")
SWAP_SECONDS: Final = 60.0

T = TypeVar("T")


class StoryError(RecommenderError):
    """The loop did not close as it should."""


def play(console: Console, config: Path | None) -> None:
    """Play the demonstration in a workspace of its own, which is emptied first.

    Args:
        console: Where it is told.
        config: The parameters' YAML file, in place of the demonstration's own.

    Raises:
        StoryError: Quiet weeks set off the trigger, changed ones did not, or the loop did not close.
    """
    begun = time.monotonic()
    workspace = Workspace.named(NAME)
    shutil.rmtree(workspace.root, ignore_errors=True)
    story = Story(console, workspace, config or OWN_CONFIG)
    story.play()
    story.say(f"The loop has closed by itself, in {time.monotonic() - begun:.0f} s.", "bold green")


@dataclass(frozen=True)
class Story:
    """One demonstration.

    Attributes:
        console: Where it is told.
        workspace: Of the demonstration's shop, empty.
        config: The parameters' YAML file.
    """

    console: Console
    workspace: Workspace
    config: Path

    def play(self) -> None:
        """From the first training to the champion that changed weeks have brought.

        Raises:
            StoryError: Something went another way than it should.
        """
        self.chapter("A synthetic shop is recorded, and a first model trained on it")
        shop = Shop(SETTINGS, RECORDED)
        source = write_source(shop.recorded, NAME, self.workspace.root / "source")
        retraining = Retraining(source, self.config, self.workspace)
        self._train(retraining)
        options = ["--source", str(source), "--config", str(self.config)]
        self.chapter("The endpoint and the collector of events are started")
        with (
            serving(options, self.workspace.runs / "serving.log") as endpoint,
            collecting(options, self.workspace.runs / "collector.log") as collector,
        ):
            self.say(f"recommendations at {endpoint}, events to {collector}")
            self._live(Customers(shop, endpoint, collector), retraining)
        self._tell_paths()

    def _live(self, customers: Customers, retraining: Retraining) -> None:
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
        outcome, details = self._while("the pipeline runs", retraining.run)
        if outcome != "promoted":
            raise StoryError(f"The first training was {outcome}: {details}", where=str(self.workspace.runs))
        self.say(f"champion {details['champion']} (run {details['run_id']})")

    def _weeks(self, customers: Customers, phase: Phase, retraining: Retraining) -> Round:
        """Customers live through a phase; then monitoring looks at it once, as it would by schedule."""
        sent = self._while("customers come and go", lambda: customers.live_through(phase))
        self.say(f"{sent.answers} recommendations given by {', '.join(sent.versions)}")
        self.say(f"{sent.accepted} events taken, {sent.rejected} refused for what is wrong in them")
        config = Config.load(self.config)
        found = self._while("monitoring looks", lambda: run_round(self.workspace, config, retraining.run))
        for line in lines(found):
            self.say(line)
        return found

    def _await_champion(self, customers: Customers) -> None:
        """The endpoint answers with whatever model is the champion now, without having been restarted.

        Raises:
            StoryError: It still answers with another one after a minute.
        """
        champion = (self.workspace.champion() or {})["version"]
        deadline = time.monotonic() + SWAP_SECONDS
        while (served := customers.served_version()) != champion:
            if time.monotonic() > deadline:
                raise StoryError(f"The endpoint answers with {served} instead of the champion {champion}.")
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
        """Begin a part of the story."""
        self.console.print(f"\n{title}", style="bold", highlight=False, soft_wrap=True)

    def say(self, text: str, style: str | None = None) -> None:
        """Tell one line."""
        self.console.print(f"  {text}", style=style, markup=False, highlight=False, soft_wrap=True)

    def _while(self, what: str, work: Callable[[], T]) -> T:
        """Do ``work``; a terminal shows that it goes on."""
        with self.console.status(f"{what} ..."):
            return work()


def _expect(fact: bool, otherwise: str, found: Round) -> None:
    if not fact:
        raise StoryError("\n".join([otherwise, *lines(found)]), where=str(found.record))
