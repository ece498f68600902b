"""A new model answers a share of the customers, then a larger one, before it answers all, or none if it is worse."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from deployment.canary_pointer import canary_name, set_canary, withdraw_canary
from deployment.errors import DeploymentError
from experiments.analysis import Analysis
from experiments.log_analysis import current_analysis
from infrastructure.progress import timed
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, copy_folder
from recommender.contract.tables import Tables
from settings.config import Config
from settings.experiment import ExperimentSettings
from settings.serving import DeploymentSettings

CHECK_SECONDS: Final = 60.0
FAILING_VERDICTS: Final = ("stopped", "champion")
"""Verdicts that end a canary."""

#: Analyses the log of an experiment so far.
Analyse = Callable[[ExperimentSettings], Analysis]


@dataclass(frozen=True)
class WallClock:
    """The time and how to wait; a test has its own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


CLOCK: Final = WallClock()


@contextmanager
def canary(
    candidate: PromotionCandidate,
    workspace: Workspace,
    tables: Callable[[], Tables],
    config: Config,
    clock: WallClock = CLOCK,
) -> Generator[None]:
    """Give the candidate to rising shares of the customers, as the configuration says, then run the block.

    A customer who gets it at one share gets it at every later one, until the end of the block, which gives it to all.
    However the block ends, nobody gets it as a challenger afterwards. Without shares, or without a champion, only the
    block is run, and ``tables`` are not read.

    Raises:
        DeploymentError: It does worse than the champion, breaks a guardrail, was taken away by hand, or too few
            customers came to judge it.
        DataError: Another challenger is being tried.
    """
    shares = config.deployment.canary_shares
    if not shares or workspace.champion() is None:
        yield
        return
    copy_folder(candidate.bundle, workspace.bundle(candidate.version))
    rollout = CanaryRollout(
        candidate.version, workspace, config, lambda step: current_analysis(workspace, step, tables(), config), clock
    )
    try:
        for share in shares:
            with timed("canary", share=share):
                rollout.hold_share(share)
        yield
    finally:
        withdraw_canary(workspace)


@dataclass(frozen=True)
class CanaryRollout:
    """One model's rollout to rising shares of the customers.

    Attributes:
        version: The model's.
        workspace: Where its bundle is, and the pointer that serving processes follow.
        config: How long each share is held and by what it is judged.
        analyse: Analyses the log.
        clock: Time.
    """

    version: str
    workspace: Workspace
    config: Config
    analyse: Analyse
    clock: WallClock

    def hold_share(self, share: float) -> None:
        """Give the model to ``share`` of the customers for the set time, and check again and again how it does.

        Raises:
            DeploymentError: As of :func:`canary`.
        """
        step, until = self._step(share), self.clock.now() + self._settings.canary_minutes * 60
        set_canary(self.workspace, self.version, step)
        while True:
            self.clock.sleep(min(CHECK_SECONDS, max(0.0, until - self.clock.now())))
            if (self.workspace.challenger() or {}).get("version") != self.version:
                raise self._error(share, "it was taken away by hand")
            analysis = self.analyse(step)
            if analysis.verdict in FAILING_VERDICTS:
                raise self._error(share, analysis.why)
            if self.clock.now() >= until:
                break
        if (shown := analysis.assignment.challenger) < self._settings.canary_customers:
            raise self._error(
                share,
                f"its lists were shown to {shown} customers; {self._settings.canary_customers} are needed to judge it",
            )

    @property
    def _settings(self) -> DeploymentSettings:
        return self.config.deployment

    def _step(self, share: float) -> ExperimentSettings:
        """The experiment at one share; answers before its start do not count."""
        # Serving processes follow the pointer within a moment; until then they draw by the share before.
        start = self.clock.now() + 2 * self.config.serving.reload_seconds
        changed = {"name": canary_name(self.version), "share": share, "start": datetime.fromtimestamp(start, UTC)}
        return self.config.experiment.model_copy(update=changed)

    def _error(self, share: float, why: str) -> DeploymentError:
        return DeploymentError(
            f"The canary ended at {share:.0%} of the customers; the champion answers all: {why}",
            value=self.version,
            expected="a model that does no worse than the champion",
        )
