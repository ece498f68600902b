"""A pipeline on a cluster: as a run of Kubeflow Pipelines, or as one Job where there is none."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from deployment.errors import DeploymentError
from deployment.jobs import create_job, job_from_template, job_name, wait_for_job, with_command, with_files
from deployment.kubeflow.runs import PipelineRuns
from deployment.kubeflow.submission import PipelineUploads
from deployment.platform import TRAINING as TRAINING_JOB
from deployment.platform import TRAINING_SECONDS
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import new_run_id
from pipelines.compiled import MONITORING, TRAINING, TUNING
from recommender.data.sources.description.source import Source, source_as_text
from settings.config import Config, configuration

CONFIG_FILE: Final = "parameters.json"
PIPELINES: Final = {file.stem: file for file in (TRAINING, MONITORING, TUNING)}
EVERY_QUARTER_HOUR: Final = "0 */15 * * * *"
"""Seconds, minutes, hours, days, months, days of the week."""

#: By pipeline, the CronJob that is a Job's template, and the command that takes the place of the template's.
_JOBS: Final = {
    "training": (TRAINING_JOB, None),
    "monitoring": ("monitoring", None),
    "tuning": (TRAINING_JOB, ["python", "-m", "beauty", "tune", "--source", "$(SOURCE)"]),
}


@dataclass(frozen=True)
class Submission:
    """A pipeline (of ``PIPELINES``) with its data set and parameters, as they are here, now, to be run on a cluster."""

    pipeline: str
    source: Path
    config: Config
    log: Callable[[str], None]

    @classmethod
    def from_files(cls, pipeline: str, source: Path, config: Path | None, log: Callable[[str], None]) -> Self:
        """Check source and parameters before anything is started.

        Raises:
            ConfigError: One of the files is missing or wrong.
        """
        return cls(pipeline, source, configuration(source, config), log)

    def run_as_job(self, namespace: str) -> None:
        """Run it in one pod, with the runner that a laptop uses, and follow it to its end.

        Raises:
            DeploymentError: The platform is not deployed there, or the run failed.
        """
        template, command = _JOBS[self.pipeline]
        name = job_name(self.pipeline)
        job = job_from_template(template, name, namespace)
        job = with_files(with_command(job, command) if command else job, self.source.name, CONFIG_FILE)
        create_job(job, {self.source.name: self.source.read_text(encoding="utf-8"), CONFIG_FILE: self.config.to_json()})
        self.log(f"job/{name} runs in namespace {namespace}")
        wait_for_job(name, namespace, TRAINING_SECONDS, self.log)

    def run_on_kubeflow(self, variables: Mapping[str, str] = os.environ, schedule: str = EVERY_QUARTER_HOUR) -> str:
        """Run it on Kubeflow Pipelines and follow it to its end; monitoring is left to run by the schedule.

        Returns:
            The id of the run, or of the recurring run.

        Raises:
            KubeflowError: No server is named, or it cannot be reached, or refuses.
            DeploymentError: The run did not succeed.
        """
        uploads = PipelineUploads(variables)
        target = uploads.upload(PIPELINES[self.pipeline])
        self.log(f"{self.pipeline} is version {target.version_id} of pipeline {target.pipeline_id}")
        if self.pipeline == MONITORING.stem:
            training = uploads.pod_variables(uploads.upload(TRAINING))
            parameters = {**self._parameters(), "training": training}
            recurring = uploads.schedule(target, f"monitoring.{self._shop}", schedule, parameters)
            self.log(f"recurring run {recurring} by the schedule {schedule}")
            return recurring
        run_id = new_run_id()
        parameters = {**self._parameters(), "run_id": run_id, "data_version": run_id}
        name = f"{self.pipeline}.{self._shop}.{run_id}"
        runs = PipelineRuns(target, self.config.monitoring.retraining)
        run = runs.start(name, parameters)
        self.log(f"run {run.id} ({name})")
        ended = runs.follow(run)
        if ended.state != "SUCCEEDED":
            raise DeploymentError(f"The run ended as {ended.state}. {ended.error}".rstrip(), where=f"run {run.id}")
        self.log(f"run {run.id} has succeeded")
        return run.id

    @property
    def _shop(self) -> str:
        return Source.load(self.source).name

    def _parameters(self) -> dict[str, Any]:
        return {
            "source": source_as_text(self.source),
            "config": self.config.to_json(),
            "workspace": str(Workspace.named(self._shop).root),
        }
