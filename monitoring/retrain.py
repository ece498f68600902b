"""Starts the training pipeline, as a local process or as a run on Kubeflow Pipelines, and reports its outcome."""

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
from monitoring.decision_log import RetrainOutcome
from recommender.data.sources.description.source import source_as_text
from settings.config import configuration

#: Retrains, and returns the outcome with details.
Retrain = Callable[[], tuple[RetrainOutcome, dict[str, Any]]]


@dataclass(frozen=True)
class Retraining:
    """Retrains a shop's model, with the source's own parameters where ``config`` names no file."""

    source: Path
    config: Path | None
    workspace: Workspace

    def retrainer(self, variables: Mapping[str, str] = os.environ) -> Retrain:
        """A function that retrains: on the Kubeflow Pipelines that the variables name, else locally.

        Raises:
            KubeflowError: They name an endpoint, but not what to start there.
        """
        target = RunTarget.from_environment(variables)
        return self.run_locally if target is None else lambda: self.run_on_kubeflow(target)

    @property
    def command(self) -> list[str]:
        """The command line of a training run that ends after its smoke test."""
        config = ["--config", str(self.config)] if self.config else []
        return [sys.executable, "-m", "beauty", "run", "--source", str(self.source), *config, "--no-serve"]

    def run_locally(self) -> tuple[RetrainOutcome, dict[str, Any]]:
        """Retrain in a local process, wait for its end, and return the outcome with the details that it recorded."""
        before = _run_ids(self.workspace)
        code, output = _call(self.command)
        started = sorted(_run_ids(self.workspace) - before)
        record = RunOutcome.read(self.workspace.run(started[-1])) if started else None
        if code or record is None:
            return "failed", {"run_id": record and record.run_id, "error": _error_text(record, output)}
        return _recorded_outcome(record, output)

    def run_on_kubeflow(self, target: RunTarget) -> tuple[RetrainOutcome, dict[str, Any]]:
        """Retrain by a run on Kubeflow Pipelines, whose steps share the workspace, and return the same.

        If a run of an earlier retraining still goes on (the process that followed it was interrupted), that one is
        followed instead: there is one at a time.
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
        return _kubeflow_outcome(run, self.workspace, run_id)


def _kubeflow_outcome(run: PipelineRun, workspace: Workspace, run_id: str) -> tuple[RetrainOutcome, dict[str, Any]]:
    """The outcome of a run that has ended: by its record where it succeeded, else also by what the API says."""
    record = RunOutcome.read(workspace.run(run_id))
    state = f"The run {run.id} ended as {run.state}. {run.error}".rstrip()
    if run.state != "SUCCEEDED":
        return "failed", {"run_id": run_id, "kubeflow_run": run.id, "error": _error_text(record, state)}
    if record is None:
        problem = f"The run {run.id} succeeded, but left no record in {workspace.run(run_id)}: another workspace?"
        return "failed", {"run_id": run_id, "kubeflow_run": run.id, "error": problem}
    outcome, details = _recorded_outcome(record, state)
    return outcome, {**details, "kubeflow_run": run.id}


def _recorded_outcome(record: RunOutcome, output: str) -> tuple[RetrainOutcome, dict[str, Any]]:
    if record.state != "succeeded":
        return "failed", {"run_id": record.run_id, "error": _error_text(record, output)}
    details = {"run_id": record.run_id, "champion": record.champion, "gate": record.reasons}
    return ("promoted" if record.promoted else "refused"), details


def _call(command: list[str]) -> tuple[int, str]:
    """Exit code and output of a command, which is terminated when this process is interrupted."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603
        try:
            output, _ = process.communicate()
        except BaseException:
            process.terminate()
            raise
    return process.returncode, output


def _run_ids(workspace: Workspace) -> set[str]:
    return {run.name for run in workspace.runs.glob("*") if run.is_dir()}


def _error_text(record: RunOutcome | None, output: str) -> str:
    return record.error if record and record.error else output.strip()[-2000:]
