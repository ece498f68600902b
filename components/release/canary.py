"""A new model answers a share of the customers, then a larger one, before it answers all; or none again."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from deployment.canary_pointer import draw_of, point, withdraw
from deployment.errors import DeploymentError
from experiments.analysis import Analysis
from experiments.command import analysed
from infrastructure.progress import timed
from infrastructure.workspace import Workspace
from infrastructure.workspace.promotion import PromotionCandidate, copy_folder
from recommender.contract.tables import Tables
from settings.config import Config
from settings.deployment import DeploymentSettings
from settings.experiment import ExperimentSettings

LOOK_SECONDS: Final = 60.0
BAD: Final = ("stopped", "champion")
"""Verdicts that a canary does not outlive."""

#: What the log says of an experiment so far.
Judge = Callable[[ExperimentSettings], Analysis]


@dataclass(frozen=True)
class Clock:
    """Time, and how it is waited for; a test has its own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


CLOCK: Final = Clock()


@contextmanager
def canary(
    candidate: PromotionCandidate,
    workspace: Workspace,
    tables: Callable[[], Tables],
    config: Config,
    clock: Clock = CLOCK,
) -> Generator[None]:
    """Give the candidate to rising shares of the customers, as the configuration says, then run the block.

    Who has it at one share has it at every later one, and until the block ends, which makes it everyone's. However
    that ends, nobody has it as a challenger afterwards. Without shares, or without a champion, the block is all, and
    ``tables`` are not read.

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
    walk = Walk(candidate.version, workspace, config, lambda step: analysed(workspace, step, tables(), config), clock)
    try:
        for share in shares:
            with timed("canary", share=share):
                walk.hold(share)
        yield
    finally:
        withdraw(workspace)


@dataclass(frozen=True)
class Walk:
    """One model's way through the shares.

    Attributes:
        version: The model's.
        workspace: Where its bundle is, and the pointer that serving processes follow.
        config: What each share is judged by.
        judge: Reads the log.
        clock: Time.
    """

    version: str
    workspace: Workspace
    config: Config
    judge: Judge
    clock: Clock

    def hold(self, share: float) -> None:
        """Give the model to ``share`` of the customers for the set time, and look again and again how it does.

        Raises:
            DeploymentError: As of :func:`canary`.
        """
        step, until = self._step(share), self.clock.now() + self._settings.canary_minutes * 60
        point(self.workspace, self.version, step)
        while True:
            self.clock.sleep(min(LOOK_SECONDS, max(0.0, until - self.clock.now())))
            if not self._is_pointed_at():
                raise self._error(share, "somebody took it away")
            found = self.judge(step)
            if found.verdict in BAD:
                raise self._error(share, found.why)
            if self.clock.now() >= until:
                break
        if (shown := found.assignment.challenger) < self._settings.canary_customers:
            raise self._error(
                share,
                f"its lists were shown to {shown} customers, too few of {self._settings.canary_customers} to judge",
            )

    @property
    def _settings(self) -> DeploymentSettings:
        return self.config.deployment

    def _step(self, share: float) -> ExperimentSettings:
        """The experiment that a share is; earlier answers do not count."""
        # Serving processes follow the pointer within a moment; until then they draw by the share before.
        start = self.clock.now() + 2 * self.config.serving.reload_seconds
        changed = {"name": draw_of(self.version), "share": share, "start": datetime.fromtimestamp(start, UTC)}
        return self.config.experiment.model_copy(update=changed)

    def _is_pointed_at(self) -> bool:
        return (self.workspace.challenger() or {}).get("version") == self.version

    def _error(self, share: float, why: str) -> DeploymentError:
        return DeploymentError(
            f"The canary ended at {share:.0%} of the customers; the champion answers all: {why}",
            value=self.version,
            expected="a model that does no worse than the champion",
        )
