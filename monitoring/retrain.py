"""Starts the training pipeline, as a process here or as a run on Kubeflow Pipelines, and tells what came of it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.kubeflow.client import KubeflowError
from deployment.kubeflow.runs import PipelineRun, PipelineRuns, RunTarget
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import RunOutcome as RunOutcome
from infrastructure.workspace.run_records import new_run_id
from monitoring.decision_log import Outcome
from recommender.data.sources.source import source_as_text
from settings.config import configuration

#: Retrains and tells how that ended, with details.
Retrain = Callable[[], tuple[Outcome, dict[str, Any]]]


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

    def way(self, variables: Mapping[str, str] = os.environ) -> Retrain:
        """How it is retrained: on the Kubeflow Pipelines that the variables name, else here.

        Raises:
            KubeflowError: They name an endpoint, but not what to start there.
        """
        target = RunTarget.from_environment(variables)
        return self.run if target is None else lambda: self.run_on(target)

    @property
    def command(self) -> list[str]:
        """The command line of a training run that ends after its smoke test."""
        config = ["--config", str(self.config)] if self.config else []
        return [sys.executable, "-m", "beauty", "run", "--source", str(self.source), *config, "--no-serve"]

    def run(self) -> tuple[Outcome, dict[str, Any]]:
        """Retrain in a process of its own, follow it to its end, and say how it ended with the details it recorded."""
        before = _runs(self.workspace)
        code, output = _call(self.command)
        started = sorted(_runs(self.workspace) - before)
        found = RunOutcome.read(self.workspace.run(started[-1])) if started else None
        if code or found is None:
            return "failed", {"run_id": found and found.run_id, "error": _last_words(found, output)}
        return _judged(found, output)

    def run_on(self, target: RunTarget) -> tuple[Outcome, dict[str, Any]]:
        """Retrain by a run on Kubeflow Pipelines, whose steps share the workspace, and say the same of it.

        A run of an earlier retraining that is still going on (whoever followed it was interrupted) is followed
        instead: there is one at a time.
        """
        config = configuration(self.source, self.config)
        runs, prefix = PipelineRuns(target, config.monitoring.retraining), f"retraining.{self.workspace.root.name}."
        run_id = new_run_id()
        parameters = {
            "source": source_as_text(self.source),
            "config": config.to_json(),
            "workspace": str(self.workspace.root),
            "run_id": run_id,
            "data_version": run_id,
        }
        try:
            run = runs.unfinished(prefix) or runs.start(f"{prefix}{run_id}", parameters)
            run_id = run.name.removeprefix(prefix)
            run = runs.follow(run)
        except KubeflowError as error:
            return "failed", {"run_id": run_id, "error": str(error)}
        return _outcome(run, self.workspace, run_id)


def _outcome(run: PipelineRun, workspace: Workspace, run_id: str) -> tuple[Outcome, dict[str, Any]]:
    """What became of a run that has ended: by its record where it succeeded, else by what the API says, too."""
    found = RunOutcome.read(workspace.run(run_id))
    said = f"The run {run.id} ended as {run.state}. {run.error}".rstrip()
    if run.state != "SUCCEEDED":
        return "failed", {"run_id": run_id, "kubeflow_run": run.id, "error": _last_words(found, said)}
    if found is None:
        problem = f"The run {run.id} succeeded, but left no record in {workspace.run(run_id)}: another workspace?"
        return "failed", {"run_id": run_id, "kubeflow_run": run.id, "error": problem}
    outcome, details = _judged(found, said)
    return outcome, {**details, "kubeflow_run": run.id}


def _judged(found: RunOutcome, said: str) -> tuple[Outcome, dict[str, Any]]:
    if found.state != "succeeded":
        return "failed", {"run_id": found.run_id, "error": _last_words(found, said)}
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
