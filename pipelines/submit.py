"""A pipeline on a cluster: as a run of Kubeflow Pipelines, or as one Job where there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deployment.errors import DeploymentError
from deployment.jobs import finish, from_template, start, with_command, with_files
from deployment.kubeflow.runs import PipelineRun, Runs
from deployment.kubeflow.sdk import Platform, Server
from deployment.platform import TRAINING as TRAINING_JOB
from deployment.platform import TRAINING_SECONDS, job_name
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import new_run_id
from pipelines.compiled import MONITORING, TRAINING, TUNING
from recommender.data.sources.source import Source, source_as_text
from settings.config import Config, configuration

CONFIG_FILE: Final = "parameters.json"
PIPELINES: Final = {file.stem: file for file in (TRAINING, MONITORING, TUNING)}
QUARTERLY: Final = "0 */15 * * * *"
"""Seconds, minutes, hours, days, months, days of the week: each quarter of an hour."""

#: By pipeline, the CronJob that is a Job's template, and the command that takes the place of the template's.
_JOBS: Final = {
    "training": (TRAINING_JOB, None),
    "monitoring": ("monitoring", None),
    "tuning": (TRAINING_JOB, ["python", "-m", "beauty", "tune", "--source", "$(SOURCE)"]),
}


@dataclass(frozen=True)
class Submission:
    """What is run.

    Attributes:
        pipeline: A name among ``PIPELINES``.
        source: The data set's YAML file; the cluster gets its text as it is here, now.
        config: Every parameter, as they are here, now.
        tell: Takes lines for whoever waits.
    """

    pipeline: str
    source: Path
    config: Config
    tell: Callable[[str], None]

    @classmethod
    def of(cls, pipeline: str, source: Path, config: Path | None, tell: Callable[[str], None]) -> "Submission":
        """Check source and parameters before anything is started.

        Raises:
            ConfigError: One of the files is missing or wrong.
        """
        return cls(pipeline, source, configuration(source, config), tell)

    def as_job(self, namespace: str) -> None:
        """Run it in one pod, with the runner that a laptop uses, and follow it to its end.

        Raises:
            DeploymentError: The platform is not deployed there, or the run failed.
        """
        template, command = _JOBS[self.pipeline]
        name = job_name(self.pipeline)
        job = from_template(template, name, namespace)
        job = with_files(with_command(job, command) if command else job, self.source.name, CONFIG_FILE)
        start(job, {self.source.name: self.source.read_text(encoding="utf-8"), CONFIG_FILE: self.config.to_json()})
        self.tell(f"job/{name} runs in namespace {namespace}")
        finish(name, namespace, TRAINING_SECONDS, self.tell)

    def as_run(self, server: Server, schedule: str = QUARTERLY) -> str:
        """Run it on Kubeflow Pipelines and follow it to its end; monitoring is left to run by the schedule.

        Returns:
            The id of the run, or of the recurring run.

        Raises:
            KubeflowError: The server cannot be reached, or refuses.
            DeploymentError: The run did not succeed.
        """
        platform = Platform(server)
        version = platform.upload(PIPELINES[self.pipeline])
        self.tell(f"{self.pipeline} is version {version.version_id} of pipeline {version.pipeline_id}")
        if self.pipeline == MONITORING.stem:
            training = platform.from_inside(platform.upload(TRAINING))
            parameters = {**self._given(), "training": training}
            recurring = platform.schedule(version, f"monitoring.{self._shop}", schedule, parameters)
            self.tell(f"recurring run {recurring} by the schedule {schedule}")
            return recurring
        run_id = new_run_id()
        parameters = {**self._given(), "run_id": run_id, "data_version": run_id}
        name = f"{self.pipeline}.{self._shop}.{run_id}"
        run = PipelineRun(platform.start(version, name, parameters), name, "")
        self.tell(f"run {run.id} ({name})")
        ended = Runs(platform.place(version), self.config.monitoring.retraining).follow(run)
        if ended.state != "SUCCEEDED":
            raise DeploymentError(f"The run ended as {ended.state}. {ended.error}".rstrip(), where=f"run {run.id}")
        self.tell(f"run {run.id} has succeeded")
        return run.id

    @property
    def _shop(self) -> str:
        return Source.load(self.source).name

    def _given(self) -> dict[str, Any]:
        return {
            "source": source_as_text(self.source),
            "config": self.config.to_json(),
            "workspace": str(Workspace.named(self._shop).root),
        }
