"""Starts the training pipeline and tells what came of it."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitoring.triggers import Outcome
from recommender.runs import Outcome as RunOutcome
from recommender.workspace import Workspace


@dataclass(frozen=True)
class Retraining:
    """What is retrained.

    Attributes:
        source: The data set's YAML file.
        config: The parameters' YAML file, or None for the source's own.
        workspace: Of the source.
    """

    source: Path
    config: Path | None
    workspace: Workspace

    @property
    def command(self) -> list[str]:
        """The command line of a training run that ends after its smoke test."""
        config = ["--config", str(self.config)] if self.config else []
        return [sys.executable, "-m", "pipelines", "run", "--source", str(self.source), *config, "--serve", "0"]

    def run(self) -> tuple[Outcome, dict[str, Any]]:
        """Retrain, follow it to its end, and say how it ended with the details that the run recorded."""
        before = _runs(self.workspace)
        code, output = _call(self.command)
        started = sorted(_runs(self.workspace) - before)
        found = RunOutcome.read(self.workspace.run(started[-1])) if started else None
        if code or found is None or found.state != "succeeded":
            return "failed", {"run_id": found and found.run_id, "error": _last_words(found, output)}
        details = {"run_id": found.run_id, "champion": found.champion, "gate": found.reasons}
        return ("promoted" if found.promoted else "refused"), details


def _call(command: list[str]) -> tuple[int, str]:
    """Exit code and output of a command; it is asked to end when this process is interrupted."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603
        try:
            output, _ = process.communicate()
        except BaseException:
            process.terminate()
            raise
    return process.returncode, output


def _runs(workspace: Workspace) -> set[str]:
    return {run.name for run in workspace.runs.glob("*") if run.is_dir()}


def _last_words(found: RunOutcome | None, output: str) -> str:
    return found.error if found and found.error else output.strip()[-2000:]
